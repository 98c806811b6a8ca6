using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies.Triggers;

/// <summary>A new comment says <c>/squad start</c>. The event's text is a hint: the run reads the comment itself before it acts on it.</summary>
internal sealed class CommandTrigger : ITriggerRule
{
    public string? Match(TicketEvent ticketEvent, SquadPolicy policy) =>
        policy.StartOnCommand
        && ticketEvent is { Kind: TicketEventKind.CommentCreated, Comment: { } comment }
        && SquadCommandParser.Parse(comment.Text).Command is { Kind: CommandKind.Start }
            ? "a new comment says `/squad start`"
            : null;
}
