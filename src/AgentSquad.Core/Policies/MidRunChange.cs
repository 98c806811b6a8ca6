using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies;

/// <summary>What a run does with an edit or a comment that comes while it is open.</summary>
public enum MidRunAction
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Tells the agents that still have work to do.</summary>
    TellAgents,

    /// <summary>Judges the ticket again, with what was done so far kept.</summary>
    TriageAgain,
}

/// <summary>Decides what an edit or a comment means at a stage. Before work starts the ticket is judged again; afterwards the agents are told.</summary>
public static class MidRunChange
{
    /// <summary>What an edit of the ticket means.</summary>
    /// <param name="stage">Where the run stands.</param>
    /// <param name="changes">The readings before and after.</param>
    public static MidRunAction OnEdit(RunStage stage, TicketChanges changes) => changes.Asked.Count == 0
        ? MidRunAction.Nothing
        : stage switch
        {
            RunStage.Triage or RunStage.Clarify or RunStage.Plan or RunStage.Approve => MidRunAction.TriageAgain,
            RunStage.Work or RunStage.Verify => MidRunAction.TellAgents,
            _ => MidRunAction.Nothing,
        };

    /// <summary>What a person's comment that is no command means.</summary>
    /// <param name="stage">Where the run stands.</param>
    public static MidRunAction OnComment(RunStage stage) => stage switch
    {
        RunStage.Triage or RunStage.Clarify => MidRunAction.TriageAgain,
        RunStage.Plan or RunStage.Approve or RunStage.Work or RunStage.Verify => MidRunAction.TellAgents,
        _ => MidRunAction.Nothing,
    };
}
