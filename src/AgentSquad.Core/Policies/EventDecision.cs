namespace AgentSquad.Core.Policies;

/// <summary>What becomes of an event, and why.</summary>
/// <param name="Kind">The decision.</param>
/// <param name="Reason">One sentence without a full stop at its end, fit for people; shown as it is by <c>squad explain</c>.</param>
public sealed record EventDecision(EventDecisionKind Kind, string Reason);

/// <summary>What becomes of an event.</summary>
public enum EventDecisionKind
{
    /// <summary>Nothing; the squad stays silent.</summary>
    Ignore,

    /// <summary>It is told to the ticket's run, if one is open, and means nothing otherwise.</summary>
    Signal,

    /// <summary>It starts a run for the ticket.</summary>
    Start,
}
