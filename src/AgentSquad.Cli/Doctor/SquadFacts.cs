using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Settings;
using AgentSquad.Core.Policies;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Cli.Doctor;

/// <summary>The part of the section <c>Squad</c> that says something about the site. Binding ignores the rest.</summary>
internal sealed class SquadFacts
{
    public string TriggerLabel { get; set; } = SquadPolicy.Default.TriggerLabel;

    public string WebhookKey { get; set; } = "";

    public StatusFacts StatusNames { get; set; } = new();

    public TriggerOptions Triggers { get; set; } = new();

    public Dictionary<string, TriggerOptions> Projects { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ApprovalFacts Approval { get; set; } = new();

    public RightFacts Control { get; set; } = new();

    public SubTaskFacts SubTasks { get; set; } = new();

    public DeliveryFacts Delivery { get; set; } = new();

    public string Specification { get; set; } = "Attachment";

    /// <summary>Reads the section; one that cannot be bound counts as empty, because the app's own rules name what is wrong with it.</summary>
    public static SquadFacts Read(SquadSettings settings)
    {
        try
        {
            return settings.ToConfiguration().GetSection("Squad").Get<SquadFacts>() ?? new SquadFacts();
        }
        catch (InvalidOperationException)
        {
            return new SquadFacts();
        }
    }

    /// <summary>What the configuration takes for granted about the site.</summary>
    /// <param name="projects">Projects that the person at the terminal named; they win.</param>
    public SiteExpectations ToExpectations(IReadOnlyList<string> projects) => new()
    {
        Projects = projects.Count > 0 ? projects : [.. ConfiguredProjects().Distinct(StringComparer.OrdinalIgnoreCase)],
        Statuses = [.. Stages().Where(status => status.Name.Trim().Length > 0), .. Named("Squad__Triggers__StartOnStatuses", Triggers.StartOnStatuses)],
        MovesTickets = Stages().Any(status => status.Name.Trim().Length > 0),
        Roles = [.. Named("Squad__Approval__Deciders__ProjectRoles", Approval.Deciders.ProjectRoles), .. Named("Squad__Control__ProjectRoles", Control.ProjectRoles)],
        Groups = [.. Named("Squad__Approval__Deciders__Groups", Approval.Deciders.Groups), .. Named("Squad__Control__Groups", Control.Groups)],
        BotAccount = string.IsNullOrWhiteSpace(Triggers.BotAccountId) ? null : new NamedBySetting("Squad__Triggers__BotAccountId", Triggers.BotAccountId.Trim()),
        HasWebhookKey = WebhookKey.Length > 0,
        Permissions = [.. Permissions()],
        SubTaskType = SubTasks.Enabled ? new NamedBySetting("Squad__SubTasks__IssueType", SubTasks.IssueType) : null,
    };

    /// <summary>What contradicts itself, without asking anyone.</summary>
    public IEnumerable<Finding> Contradictions()
    {
        var all = Projects.Values.Append(Triggers).ToList();
        if (all.Exists(triggers => triggers.StartOnAssignment) && string.IsNullOrWhiteSpace(Triggers.BotAccountId))
        {
            yield return Finding.Error(
                "squad.bot", "Squad__Triggers__StartOnAssignment is on, but nobody says who the bot is: assigning a ticket starts nothing.",
                "Set Squad__Triggers__BotAccountId to the account id that this command prints when it logs in.", "Squad__Triggers__BotAccountId");
        }

        var starts = all.Exists(triggers => (triggers.Label ?? TriggerLabel).Length > 0 || triggers.StartOnAssignment || triggers.StartOnMention
            || triggers.StartOnCommand || triggers.StartOnStatuses is { Count: > 0 });
        yield return starts
            ? Finding.Ok("squad.trigger", TriggerLabel.Length > 0 ? $"The label '{TriggerLabel}' starts a run." : "Runs are started by other triggers than a label.", "Squad__TriggerLabel")
            : Finding.Error(
                "squad.trigger", "Nothing starts a run: the trigger label is empty and every other trigger is off.",
                "Set Squad__TriggerLabel, or switch on one of Squad__Triggers__StartOn*.", "Squad__TriggerLabel");
    }

    private static IEnumerable<NamedBySetting> Named(string setting, IReadOnlyList<string>? names) =>
        (names ?? []).Select((name, index) => new NamedBySetting($"{setting}__{index}", name));

    private IEnumerable<NamedBySetting> Stages() =>
    [
        new("Squad__StatusNames__Work", StatusNames.Work), new("Squad__StatusNames__Verify", StatusNames.Verify), new("Squad__StatusNames__Deliver", StatusNames.Deliver),
    ];

    private IEnumerable<WantedPermission> Permissions()
    {
        if (SubTasks.Enabled) yield return new WantedPermission("CREATE_ISSUES", "Create Issues", "Squad__SubTasks__Enabled");
        if (Delivery.Attachments) yield return new WantedPermission("CREATE_ATTACHMENTS", "Create Attachments", "Squad__Delivery__Attachments");
        if (Specification.Equals("Attachment", StringComparison.OrdinalIgnoreCase)) yield return new WantedPermission("CREATE_ATTACHMENTS", "Create Attachments", "Squad__Specification");
        if (Specification.Equals("Description", StringComparison.OrdinalIgnoreCase)) yield return new WantedPermission("EDIT_ISSUES", "Edit Issues", "Squad__Specification");
    }

    private IEnumerable<string> ConfiguredProjects() => [.. Triggers.Projects ?? [], .. Projects.Keys, .. Approval.Projects ?? []];
}

/// <summary>Names of statuses; the defaults are the app's.</summary>
internal sealed class StatusFacts
{
    public string Work { get; set; } = "In Progress";

    public string Verify { get; set; } = "In Review";

    public string Deliver { get; set; } = "Done";
}

/// <summary>Who decides about plans, and where.</summary>
internal sealed class ApprovalFacts
{
    public IReadOnlyList<string>? Projects { get; set; }

    public RightFacts Deciders { get; set; } = new();
}

/// <summary>Roles and groups that may do something.</summary>
internal sealed class RightFacts
{
    public IReadOnlyList<string>? ProjectRoles { get; set; }

    public IReadOnlyList<string>? Groups { get; set; }
}

/// <summary>Sub-tasks on the board; the defaults are the app's.</summary>
internal sealed class SubTaskFacts
{
    public bool Enabled { get; set; }

    public string IssueType { get; set; } = "Sub-task";
}

/// <summary>What a delivery consists of; the defaults are the app's.</summary>
internal sealed class DeliveryFacts
{
    public bool Attachments { get; set; } = true;
}
