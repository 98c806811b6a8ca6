namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>What the configuration takes for granted about a site. Settings are named so that findings can name them.</summary>
public sealed record SiteExpectations
{
    /// <summary>Keys of the projects that the squad works on; empty when the configuration names none.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Names of statuses, by the setting that names them.</summary>
    public IReadOnlyList<NamedBySetting> Statuses { get; init; } = [];

    /// <summary>Names of project roles, by the setting that names them.</summary>
    public IReadOnlyList<NamedBySetting> Roles { get; init; } = [];

    /// <summary>Names of groups, by the setting that names them.</summary>
    public IReadOnlyList<NamedBySetting> Groups { get; init; } = [];

    /// <summary>The account id that the configuration has for the bot; null when it has none.</summary>
    public NamedBySetting? BotAccount { get; init; }

    /// <summary>Whether tickets are moved at all.</summary>
    public bool MovesTickets { get; init; } = true;

    /// <summary>Permissions that parts of the configuration need beside those that every run needs.</summary>
    public IReadOnlyList<WantedPermission> Permissions { get; init; } = [];

    /// <summary>Name of the issue type of sub-tasks; null when none are created.</summary>
    public NamedBySetting? SubTaskType { get; init; }

    /// <summary>Whether a key in the webhook's address is configured, for sites that cannot sign.</summary>
    public bool HasWebhookKey { get; init; }
}

/// <summary>A name that the configuration uses.</summary>
/// <param name="Setting">The setting, such as <c>Squad__StatusNames__Work</c>.</param>
/// <param name="Name">Its value.</param>
public sealed record NamedBySetting(string Setting, string Name);

/// <summary>A permission that a setting asks for.</summary>
/// <param name="Key">Jira's key, such as <c>CREATE_ISSUES</c>.</param>
/// <param name="Name">What people read in Jira, such as <c>Create Issues</c>.</param>
/// <param name="Setting">The setting.</param>
public sealed record WantedPermission(string Key, string Name, string Setting);
