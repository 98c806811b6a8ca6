using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>The trigger label was newly added, or the ticket was created with it. A label that was there before is no trigger.</summary>
internal sealed class LabelTrigger : ITriggerRule
{
    public string? Match(TicketEvent ticketEvent, SquadPolicy policy)
    {
        if (policy.TriggerLabel.Length == 0)
        {
            return null;
        }

        bool Has(IReadOnlyList<string> labels) => labels.Contains(policy.TriggerLabel, StringComparer.OrdinalIgnoreCase);
        return ticketEvent.Kind switch
        {
            TicketEventKind.Created when Has(ticketEvent.Labels) || Has(ticketEvent.LabelsAdded) =>
                $"the ticket was created with the label {Words.Quote(policy.TriggerLabel)}",
            TicketEventKind.Updated when Has(ticketEvent.LabelsAdded) && !Has(ticketEvent.LabelsRemoved) =>
                $"the label {Words.Quote(policy.TriggerLabel)} was added",
            _ => null,
        };
    }
}
