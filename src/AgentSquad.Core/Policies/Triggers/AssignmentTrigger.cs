using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>The ticket was assigned to the bot, or created with the bot as assignee.</summary>
internal sealed class AssignmentTrigger : ITriggerRule
{
    public string? Match(TicketEvent ticketEvent, SquadPolicy policy)
    {
        if (!policy.StartOnAssignment || string.IsNullOrEmpty(policy.BotAccountId))
        {
            return null;
        }

        bool IsBot(string? account) => string.Equals(account, policy.BotAccountId, StringComparison.Ordinal);
        var assigned = ticketEvent.Changes.Any(change =>
            FieldNames.Is(change, FieldNames.Assignee) && IsBot(change.To) && !IsBot(change.From));
        return ticketEvent.Kind switch
        {
            TicketEventKind.Updated when assigned => "the ticket was assigned to the squad's account",
            TicketEventKind.Created when assigned || IsBot(ticketEvent.Assignee?.AccountId) =>
                "the ticket was created with the squad's account as its assignee",
            _ => null,
        };
    }
}
