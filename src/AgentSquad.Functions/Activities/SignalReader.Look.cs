using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Activities;

/// <content>Looking without having been told to.</content>
internal sealed partial class SignalReader
{
    /// <summary>
    /// Looks at the ticket for answers that people gave since it was last read and no event has told of yet: remarks and edits. All else is left
    /// to its event, which comes: commands would be answered twice, and a withdrawal would count again that somebody has settled.
    /// </summary>
    public async Task<IReadOnlyList<Signal>> LookAsync(InboxInput input, CancellationToken cancellationToken)
    {
        if (input.TicketStep.Length == 0) return [];
        var look = new InboxEvent(
            "look", Starts: false, "", DateTimeOffset.UnixEpoch, new TicketEvent { Kind = TicketEventKind.Updated, Name = "look", TicketId = input.Run.IssueId });
        List<Signal> found = [.. (await ReadAsync(input, [look], cancellationToken)).Where(signal => signal.Kind == SignalKind.Edited)];
        var known = await artifacts.GetAsync<TicketSnapshot>(input.Run.InstanceId, input.TicketStep, cancellationToken);
        var last = known.All.Select(note => note.Written).DefaultIfEmpty().Max();
        var comments = await jira.GetCommentsAsync(input.Run.IssueId, cancellationToken);
        var hasNote = comments.Any(comment => comment.Created > last && comment is { Effect: null, Visibility: null }
            && !(comment.IsInternal && options.Value.CustomersSee != CustomerView.Nothing)
            && SquadCommandParser.Parse(comment.Text) == CommandParse.None);
        if (hasNote) found.Add(new Signal(look.DeliveryId, SignalKind.Note));
        return found;
    }
}
