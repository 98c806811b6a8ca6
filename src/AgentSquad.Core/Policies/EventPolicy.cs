using AgentSquad.Core.Policies.Triggers;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies;

/// <summary>Decides what becomes of an event: it starts a run, it is told to the open run, or nothing happens.</summary>
public static class EventPolicy
{
    // In the order in which they are named to people when an event is several triggers at once.
    private static readonly ITriggerRule[] Rules =
    [
        new LabelTrigger(), new AssignmentTrigger(), new StatusTrigger(), new CommandTrigger(), new MentionTrigger(),
    ];

    /// <summary>Decides about one event. Pure: the same input has the same answer, on every host and at every time.</summary>
    /// <param name="ticketEvent">The event.</param>
    /// <param name="policy">The policy of the event's project.</param>
    /// <param name="runIsOpen">Whether the ticket has a run that has not ended.</param>
    /// <returns>The decision and its reason.</returns>
    public static EventDecision Decide(TicketEvent ticketEvent, SquadPolicy policy, bool runIsOpen)
    {
        if (ticketEvent.Kind == TicketEventKind.Other)
        {
            return Ignore($"the squad does not follow events of the kind {Words.Quote(ticketEvent.Name)}");
        }

        if (string.IsNullOrEmpty(ticketEvent.TicketId))
        {
            return Ignore("the event does not say which ticket it is about");
        }

        if (Rules.Select(rule => rule.Match(ticketEvent, policy)).FirstOrDefault(match => match is not null) is not { } trigger)
        {
            return SignalPolicy.Decide(ticketEvent, policy);
        }

        if (runIsOpen)
        {
            return new(EventDecisionKind.Signal, $"{trigger}, and the ticket's run is already open");
        }

        return policy.Filter.Refuse(ticketEvent) is { } refusal
            ? Ignore($"{trigger}, but {refusal}")
            : new(EventDecisionKind.Start, trigger);
    }

    /// <summary>
    /// Whether it is the trigger label that starts a run for the event, so that the run ends when the label is gone. The event's ticket has to
    /// have it: what was never seen is not gone.
    /// </summary>
    /// <param name="ticketEvent">The event.</param>
    /// <param name="policy">The policy of the event's project.</param>
    public static bool IsByLabel(TicketEvent ticketEvent, SquadPolicy policy) =>
        new LabelTrigger().Match(ticketEvent, policy) is not null && ticketEvent.Labels.Contains(policy.TriggerLabel, StringComparer.OrdinalIgnoreCase);

    private static EventDecision Ignore(string reason) => new(EventDecisionKind.Ignore, reason);
}
