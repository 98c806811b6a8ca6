using System.Text;

namespace AgentSquad.Core.Squad;

/// <summary>Which stage may follow which: the run's state machine as data.</summary>
public static class StageFlow
{
    private static readonly Dictionary<RunStage, RunStage[]> Following = new()
    {
        [RunStage.Triage] = [RunStage.Clarify, RunStage.Plan],
        [RunStage.Clarify] = [RunStage.Triage],
        // An edit before work starts sends the ticket back to be judged again.
        [RunStage.Plan] = [RunStage.Triage, RunStage.Approve, RunStage.Work],
        [RunStage.Approve] = [RunStage.Triage, RunStage.Plan, RunStage.Work],
        [RunStage.Work] = [RunStage.Verify],
        [RunStage.Verify] = [RunStage.Work, RunStage.Deliver],
        [RunStage.Deliver] = [],
        // A retry goes back to the stage in which the run ended.
        [RunStage.Failed] = [RunStage.Triage, RunStage.Plan, RunStage.Approve, RunStage.Work, RunStage.Verify, RunStage.Deliver],
        [RunStage.Stopped] = [RunStage.Triage, RunStage.Plan, RunStage.Approve, RunStage.Work, RunStage.Verify],
    };

    /// <summary>The stages that may follow a stage. Every stage that is still open may also fail or be stopped.</summary>
    public static IReadOnlyList<RunStage> After(RunStage stage) => IsEnd(stage) || stage is RunStage.Deliver
        ? stage is RunStage.Deliver ? [RunStage.Failed] : Following[stage]
        : [.. Following[stage], RunStage.Failed, RunStage.Stopped];

    /// <summary>Whether one stage may follow another.</summary>
    public static bool MayFollow(RunStage stage, RunStage next) => After(stage).Contains(next);

    /// <summary>Whether a run in this stage has ended without a result.</summary>
    public static bool IsEnd(RunStage stage) => stage is RunStage.Failed or RunStage.Stopped;

    /// <summary>The state machine as a Mermaid diagram, for the documentation.</summary>
    public static string ToMermaid()
    {
        var diagram = new StringBuilder("stateDiagram-v2\n    [*] --> Triage\n");
        foreach (var stage in Enum.GetValues<RunStage>())
        {
            foreach (var next in After(stage))
            {
                diagram.Append("    ").Append(stage).Append(" --> ").Append(next).Append('\n');
            }
        }

        return diagram.Append("    Deliver --> [*]\n    Failed --> [*]\n    Stopped --> [*]\n").ToString();
    }
}
