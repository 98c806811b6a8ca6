namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The squad works, but not as somebody may expect.</summary>
    Warning,

    /// <summary>The squad cannot work.</summary>
    Error,
}

/// <summary>What a check found. No part of it holds a secret.</summary>
/// <param name="Check">Name of the check, such as <c>jira.token</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Found">What was found, one or two sentences.</param>
public sealed record Finding(string Check, FindingSeverity Severity, string Found)
{
    /// <summary>Name of the setting that it is about, such as <c>Jira__ApiToken</c>; null when it is about none.</summary>
    public string? Setting { get; init; }

    /// <summary>Where that setting's value came from, filled in by who read the settings; null when unknown.</summary>
    public string? Source { get; init; }

    /// <summary>What to do about it; null when there is nothing to do.</summary>
    public string? Fix { get; init; }

    /// <summary>A good finding.</summary>
    public static Finding Ok(string check, string found, string? setting = null) => new(check, FindingSeverity.Ok, found) { Setting = setting };

    /// <summary>A finding that should be looked at.</summary>
    public static Finding Warning(string check, string found, string fix, string? setting = null) =>
        new(check, FindingSeverity.Warning, found) { Setting = setting, Fix = fix };

    /// <summary>A finding that has to be mended.</summary>
    public static Finding Error(string check, string found, string fix, string? setting = null) =>
        new(check, FindingSeverity.Error, found) { Setting = setting, Fix = fix };
}
