using AgentSquad.Atlassian.Confluence;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>A run's own book-keeping: opening, its inbox, closing.</summary>
internal sealed class RunActivities(
    IInbox inbox,
    TicketIndex tickets,
    ArtifactStore artifacts,
    SignalReader signals,
    CommentActivities comments,
    IOptions<SquadOptions> options,
    IOptions<ConfluenceOptions> confluence)
{
    // A batch is small enough for the run's history, whatever happens on the ticket.
    private const int LargestBatch = 100;

    // One per ticket: how its last run ended, to show it and to go on from it.
    private const string LastEnd = "last";

    // One per ticket: which run began last. A run that was terminated leaves no end, and the one before it is nothing to go on from.
    private const string LastBegin = "opened";

    /// <summary>Opens the run's inbox, judges who asked for the run, and reads its settings.</summary>
    [Function(nameof(OpenRun))]
    public Task<OpenCard> OpenRun([ActivityTrigger] OpenInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var policy = RunPolicy.Of(options.Value, input.Key, confluence.Value is { IsConfigured: true, SpaceKey.Length: > 0 });
        var isNew = await inbox.OpenAsync(input.Run.InstanceId, input.StartedBy, context.CancellationToken);
        var last = await artifacts.FindAsync<TicketRunState>(input.Run.InstanceId, LastEnd, context.CancellationToken);
        if (!isNew) return new OpenCard(policy, last?.ToStatus());
        var opened = await artifacts.FindAsync<OpenedRun>(input.Run.InstanceId, LastBegin, context.CancellationToken);
        if (opened is not null && last?.RunId != opened.RunId) last = null;
        if (input.CommentId is { } commentId && !await MayStartAsync(input, commentId, last, context))
        {
            return new OpenCard(policy, last?.ToStatus() ?? Nothing(input));
        }

        if (input.Key.Length > 0) await tickets.OfferAsync(input.Key, input.Run.InstanceId, context.CancellationToken);
        var resumed = input.IsRetry ? last : null;
        // An attempt that left no end keeps its number: what it was told, and what it has written, bears it. A repeated activity finds its own.
        var attempt = opened?.StartedBy == input.StartedBy ? opened.Attempt : resumed is null ? 1 : Math.Max(resumed.Attempt, opened?.Attempt ?? 0) + 1;
        var begun = new OpenedRun(input.StartedBy, resumed?.RunId ?? input.Run.RunId, attempt);
        if (begun != opened) await artifacts.SaveAsync(input.Run.InstanceId, LastBegin, begun, context.CancellationToken);
        if (resumed is not null) resumed.Attempt = attempt - 1;
        return new OpenCard(policy, Ended: null, resumed);
    });

    /// <summary>Reads the next events and says what they mean.</summary>
    [Function(nameof(ReadInbox))]
    public Task<InboxCard> ReadInbox([ActivityTrigger] InboxInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var entries = await inbox.ReadAsync(input.Run.InstanceId, input.Acknowledge, LargestBatch, context.CancellationToken);
        var judged = await signals.ReadAsync(input, entries, context.CancellationToken);
        if (input.LooksAtSite) judged = [.. judged, .. await signals.LookAsync(input, context.CancellationToken)];
        return new InboxCard(Telling(judged), entries.Count == LargestBatch) { Read = [.. entries.Select(entry => entry.DeliveryId)] };
    });

    /// <summary>Closes the inbox.</summary>
    /// <returns>The state of the next run, when an event for one came at the last moment.</returns>
    [Function(nameof(CloseRun))]
    public Task<TicketRunState?> CloseRun([ActivityTrigger] CloseInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        if (input.Ended is not null)
        {
            await artifacts.SaveAsync(input.Run.InstanceId, LastEnd, input.Ended, context.CancellationToken);
            RunTelemetry.Ended(input.Ended, DateTimeOffset.UtcNow);
        }

        return await inbox.CloseAsync(input.Run.InstanceId, input.StartedBy, entry => IsForTheNextRun(entry, input.Ended), context.CancellationToken) is { } next
            ? TicketRunState.Start(next, input.Site)
            : null;
    });

    // A run that is told once that people wrote reads all that they wrote: a thousand remarks are one line of its history.
    private static List<Signal> Telling(IReadOnlyList<Signal> signals) =>
    [
        .. signals.Where((signal, i) => signal.Kind switch
        {
            SignalKind.Nothing => false,
            SignalKind.Note or SignalKind.Edited or SignalKind.Unread => !signals.Take(i).Any(earlier => earlier.Kind == signal.Kind),
            _ => true,
        }),
    ];

    // Whoever asks for a retry as soon as the failure is on the ticket may be faster than the run's last step.
    private static bool IsForTheNextRun(InboxEvent entry, TicketRunState? ended) => entry.Starts
        || (entry.IsRetry && ended is not null && StageFlow.IsEnd(ended.Stage) && !ended.Acknowledge.Contains(entry.DeliveryId));

    private async Task<bool> MayStartAsync(OpenInput input, string commentId, TicketRunState? last, FunctionContext context)
    {
        if (await signals.JudgeStartAsync(input.Run, input.StartedBy, commentId, context.CancellationToken) is not { } command) return false;
        var hasNothingToContinue = input.IsRetry && last is not null && !StageFlow.IsEnd(last.Stage);
        if (command.Refusal is null && !hasNothingToContinue) return true;
        await comments.RefuseAsync(input.Run, command with { Refusal = command.Refusal ?? "the run has delivered its result" }, context);
        return false;
    }

    private static SquadRunStatus Nothing(OpenInput input) => new(
        input.Key, input.Run.IssueId, "", "", StageNames.Stopped, [StageNames.Stopped], [], "The run was not started.");
}
