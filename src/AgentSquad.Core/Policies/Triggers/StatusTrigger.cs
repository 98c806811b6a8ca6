using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>The ticket entered one of the configured statuses, or was created in one.</summary>
internal sealed class StatusTrigger : ITriggerRule
{
    public string? Match(TicketEvent ticketEvent, SquadPolicy policy)
    {
        var entered = ticketEvent.Kind switch
        {
            TicketEventKind.Updated => ticketEvent.Changes
                .Where(change => FieldNames.Is(change, FieldNames.Status) && !Same(change.FromText, change.ToText))
                .Select(change => change.ToText)
                .LastOrDefault(),
            TicketEventKind.Created => ticketEvent.StatusName,
            _ => null,
        };
        return entered is not null && policy.StartOnStatuses.Any(status => Same(status, entered))
            ? $"the ticket entered the status {Words.Quote(entered)}"
            : null;
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
