using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>One way in which an event starts a run.</summary>
internal interface ITriggerRule
{
    /// <summary>Says whether the event is this trigger under the policy.</summary>
    /// <returns>What happened, as a clause such as <c>the label `agentsquad` was added</c>; null when the event is not this trigger.</returns>
    string? Match(TicketEvent ticketEvent, SquadPolicy policy);
}
