using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>Reads a ticket and moves it.</summary>
internal sealed class TicketActivities(
    IJiraSite jira,
    ITicketEffects effects,
    ISquadAgents agents,
    AttachedFiles files,
    ArtifactStore artifacts,
    TicketIndex tickets,
    SignalReader signals,
    IOptions<SquadOptions> options)
{
    private const int MostNotes = 100;
    private const int LongestNote = 4_000;
    private const int LongestSummary = 200;

    /// <summary>Reads the ticket and what people wrote on it into an artifact.</summary>
    [Function(nameof(ReadTicket))]
    public Task<TicketCard> ReadTicket([ActivityTrigger] ReadInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var step = input.Run.Key($"ticket/{input.Reading}");
        var snapshot = await artifacts.GetOrAddAsync(
            input.Run.InstanceId, step, () => SnapshotAsync(input, context.CancellationToken), context.CancellationToken);
        var ticket = snapshot.Ticket;
        // Keys change when tickets move; each one that the run has met leads to it.
        await tickets.SetAsync(ticket.Key, input.Run.InstanceId, context.CancellationToken);
        var summary = ticket.Summary.Length > LongestSummary ? ticket.Summary[..(LongestSummary - 1)] + "…" : ticket.Summary;
        var signal = await SignalAsync(input, snapshot, context.CancellationToken);
        var refusal = options.Value.ToPolicy(ticket.ProjectKey).Filter.Refuse(ticket) ?? await WhyOwnAsync(ticket, context.CancellationToken);
        // Taken away before a word was said, so nothing has to be said.
        if (input.Reading == 1 && signal is { Kind: SignalKind.StopWithdrawn }) (refusal, signal) = (refusal ?? signal.Text, null);
        return new TicketCard(step, ticket.Key, ticket.ProjectKey, summary, ticket.Status.Name, refusal) { Signal = signal };
    });

    /// <summary>Moves the ticket to a status unless it is there.</summary>
    [Function(nameof(EnsureStatus))]
    public Task<StatusCard> EnsureStatus([ActivityTrigger] StatusNameInput input, FunctionContext context) => Steps.RunAsync(async () =>
        new StatusCard(await effects.EnsureStatusAsync(input.Run.IssueId, input.StatusName, context.CancellationToken) switch
        {
            TransitionOutcome.NotPossible =>
                $"The ticket could not be moved to {input.StatusName}: no transition that is open to the squad's account leads there.",
            _ => null,
        }));

    // An event that is processed before the one that starts its run finds no run and is dropped: Jira's retries change their order. One that is
    // processed after a reading is compared with that reading, and finds nothing new.
    private async Task<Signal?> SignalAsync(ReadInput input, TicketSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (input is { Reading: 1, Run.Attempt: 1 }) return await signals.OfStartAsync(input, snapshot, cancellationToken);
        return input.Before is { } step && await artifacts.FindAsync<TicketSnapshot>(input.Run.InstanceId, step, cancellationToken) is { } before
            ? signals.OfReading(before.Ticket, snapshot.Ticket, input.MovedTo ?? [])
            : null;
    }

    private async Task<TicketSnapshot> SnapshotAsync(ReadInput input, CancellationToken cancellationToken)
    {
        var read = await jira.GetTicketAsync(input.Run.IssueId, cancellationToken);
        var ticket = read with { Description = Specification.Strip(read.Description) };
        var comments = await jira.GetCommentsAsync(input.Run.IssueId, cancellationToken);
        var notes = comments
            .Where(IsNote)
            .Select(comment => new TicketNote(
                comment.Author, comment.Text.Length > LongestNote ? comment.Text[..LongestNote] : comment.Text, comment.Created))
            .TakeLast(MostNotes)
            .ToLookup(note => note.Written >= input.Since);
        if (agents.ReadsFiles)
        {
            ticket = ticket with { Files = await files.ReadAsync(ticket.Id, [.. comments.Where(comment => comment.Effect is null && !IsForAll(comment))], cancellationToken) };
        }

        return new TicketSnapshot(ticket, [.. notes[false]], [.. notes[true]])
        {
            Stops = [.. comments.Where(comment => IsStop(comment) && comment.Created >= input.Since).Select(comment => comment.Id)],
        };
    }

    // An edit never commands.
    private static bool IsStop(TicketComment comment) => comment.Effect is null && comment.Updated == comment.Created
        && SquadCommandParser.Parse(comment.Text).Command?.Kind == CommandKind.Stop;

    private bool IsForAll(TicketComment comment) => comment.Visibility is null && !IsKeptFromCustomers(comment);

    // Questions are made of what was read, so where customers see them, internal notes are not.
    private bool IsKeptFromCustomers(TicketComment comment) => comment.IsInternal && options.Value.CustomersSee != CustomerView.Nothing;

    // A status or an assignment may start runs, and the squad's own sub-tasks have both.
    private async Task<string?> WhyOwnAsync(Ticket ticket, CancellationToken cancellationToken) =>
        options.Value.SubTasks is { Enabled: true } subTasks
        && string.Equals(ticket.IssueType, subTasks.IssueType, StringComparison.OrdinalIgnoreCase)
        && await jira.GetPropertyAsync(ticket.Id, CommentEffect.PropertyKey, cancellationToken) is not null
            ? "it is a sub-task that the squad created"
            : null;

    // What was written for a few must not reach everyone through what agents make of it, so it is not read at all.
    private bool IsNote(TicketComment comment) =>
        comment.Effect is null && IsForAll(comment) && SquadCommandParser.Parse(comment.Text) == CommandParse.None;
}
