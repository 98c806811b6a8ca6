namespace AgentSquad.Core.Squad;

/// <summary>Names of the stages as the custom status, the HTTP API and the ticket show them.</summary>
public static class StageNames
{
    /// <summary>See <see cref="RunStage.Triage"/>.</summary>
    public const string Triage = nameof(RunStage.Triage);

    /// <summary>See <see cref="RunStage.Clarify"/>.</summary>
    public const string Clarify = nameof(RunStage.Clarify);

    /// <summary>See <see cref="RunStage.Plan"/>.</summary>
    public const string Plan = nameof(RunStage.Plan);

    /// <summary>See <see cref="RunStage.Approve"/>.</summary>
    public const string Approve = nameof(RunStage.Approve);

    /// <summary>See <see cref="RunStage.Work"/>.</summary>
    public const string Work = nameof(RunStage.Work);

    /// <summary>See <see cref="RunStage.Verify"/>.</summary>
    public const string Verify = nameof(RunStage.Verify);

    /// <summary>See <see cref="RunStage.Deliver"/>.</summary>
    public const string Deliver = nameof(RunStage.Deliver);

    /// <summary>See <see cref="RunStage.Failed"/>.</summary>
    public const string Failed = nameof(RunStage.Failed);

    /// <summary>See <see cref="RunStage.Stopped"/>.</summary>
    public const string Stopped = nameof(RunStage.Stopped);

    /// <summary>All names, in the order of <see cref="RunStage"/>.</summary>
    public static IReadOnlyList<string> All { get; } = Enum.GetNames<RunStage>();

    /// <summary>The name of a stage.</summary>
    public static string Of(RunStage stage) => stage.ToString();

    /// <summary>The stage of a name, exactly as spelled; null when there is none.</summary>
    public static RunStage? Parse(string? name) =>
        name is not null && All.Contains(name, StringComparer.Ordinal) ? Enum.Parse<RunStage>(name) : null;
}
