using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>A new comment mentions the bot. The event's text is a hint: the run reads the comment itself before it acts on it.</summary>
internal sealed class MentionTrigger : ITriggerRule
{
    public string? Match(TicketEvent ticketEvent, SquadPolicy policy) =>
        ticketEvent is { Kind: TicketEventKind.CommentCreated, Comment: { } comment } && policy.StartsOnMentionIn(comment.Text)
            ? $"a new comment mentions {Words.Quote("@" + policy.MentionName)}"
            : null;
}
