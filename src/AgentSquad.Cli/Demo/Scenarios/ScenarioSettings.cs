using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>The function app's settings while scenarios play: one app for all of them, whatever the environment says.</summary>
internal static class ScenarioSettings
{
    /// <summary>The label that starts a run.</summary>
    public const string TriggerLabel = "agentsquad";

    /// <summary>The label on tickets whose plan a person has to approve.</summary>
    public const string ApprovalLabel = "needs-approval";

    /// <summary>Key of the project in which the squad has little patience.</summary>
    public const string ImpatientProject = "HURRY";

    private const string Impatient = $"Squad__Waiting__Projects__{ImpatientProject}__";

    /// <summary>The settings.</summary>
    public static IReadOnlyDictionary<string, string> App { get; } = new Dictionary<string, string>
    {
        ["Squad__TriggerLabel"] = TriggerLabel,
        ["Squad__StatusNames__Work"] = "In Progress",
        ["Squad__StatusNames__Verify"] = "In Review",
        ["Squad__StatusNames__Deliver"] = "Done",
        ["Squad__Approval__Mode"] = "ByLabel",
        ["Squad__Approval__Labels__0"] = ApprovalLabel,

        // Written when due, not when the clock allows it: the same story has the same history.
        ["Squad__StatusInterval"] = "00:00:00",
        [Impatient + "RemindAfter__0"] = "00:00:01",
        [Impatient + "EscalateAfter"] = "00:00:02",
        [Impatient + "EscalateTo"] = SandboxAccount.Manager.AccountId,
        [Impatient + "GiveUpAfter"] = "00:00:03",
    };

    /// <summary>Who is there besides the reporter and the squad.</summary>
    public static IReadOnlyList<SandboxAccount> People { get; } = [SandboxAccount.Bystander, SandboxAccount.Manager];
}
