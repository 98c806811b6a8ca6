using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies;

/// <summary>Decides whether an event that starts nothing matters to an open run.</summary>
internal static class SignalPolicy
{
    public static EventDecision Decide(TicketEvent ticketEvent, SquadPolicy policy) => ticketEvent.Kind switch
    {
        TicketEventKind.Created => new(EventDecisionKind.Ignore, WhyCreatedIsSilent(policy)),
        TicketEventKind.Deleted => Signal("the ticket was deleted, which ends its run"),
        TicketEventKind.CommentCreated => Signal("a new comment may hold an answer or a command"),
        TicketEventKind.CommentUpdated => Signal("a comment was edited and may change an answer"),
        TicketEventKind.CommentDeleted => Signal("a comment was deleted and may take back an answer"),
        _ => DecideChanges(ticketEvent, policy),
    };

    private static EventDecision DecideChanges(TicketEvent ticketEvent, SquadPolicy policy)
    {
        if (ticketEvent.Changes.Count == 0 && ticketEvent.LabelsAdded.Count == 0 && ticketEvent.LabelsRemoved.Count == 0)
        {
            return new(EventDecisionKind.Ignore, "the event names no changed field");
        }

        if (policy.TriggerLabel.Length > 0 && ticketEvent.LabelsRemoved.Contains(policy.TriggerLabel, StringComparer.OrdinalIgnoreCase))
        {
            return Signal($"the label {Words.Quote(policy.TriggerLabel)} was removed");
        }

        var status = ticketEvent.Changes.LastOrDefault(change => FieldNames.Is(change, FieldNames.Status));
        if (status?.ToText is { } entered)
        {
            return Signal($"the status changed to {Words.Quote(entered)}");
        }

        var told = ticketEvent.Changes.Select(change => change.Field)
            .Where(field => FieldNames.WhySilent(field) is null)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (told.Count == 0 && ticketEvent.Changes.Count == 0)
        {
            told.Add(FieldNames.Labels);
        }

        return told.Count > 0 ? Signal($"{Words.QuoteAll(told)} changed") : new(EventDecisionKind.Ignore, WhyChangesAreSilent(ticketEvent));
    }

    private static string WhyCreatedIsSilent(SquadPolicy policy) => policy.TriggerLabel.Length > 0
        ? $"the ticket was created without the label {Words.Quote(policy.TriggerLabel)}"
        : "the ticket was created, and creation alone starts nothing";

    private static string WhyChangesAreSilent(TicketEvent ticketEvent)
    {
        var fields = ticketEvent.Changes.Select(change => change.Field).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return fields.Count == 1
            ? $"only {Words.Quote(fields[0])} changed, which is about {FieldNames.WhySilent(fields[0])} and not about what is asked"
            : $"only {Words.QuoteAll(fields)} changed, none of which is about what is asked";
    }

    private static EventDecision Signal(string reason) => new(EventDecisionKind.Signal, reason);
}
