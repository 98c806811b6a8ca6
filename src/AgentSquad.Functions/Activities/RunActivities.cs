using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>A run's own book-keeping: opening, its inbox, closing.</summary>
internal sealed class RunActivities(IInbox inbox, TicketIndex tickets, ArtifactStore artifacts, IOptions<SquadOptions> options)
{
    // A batch is small enough for the run's history, whatever happens on the ticket.
    private const int LargestBatch = 32;
    private const string EndedStep = "ended";

    /// <summary>Opens the run's inbox and reads its settings.</summary>
    [Function(nameof(OpenRun))]
    public Task<OpenCard> OpenRun([ActivityTrigger] OpenInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var isNew = await inbox.OpenAsync(input.Run.InstanceId, input.Run.RunId, context.CancellationToken);
        if (input.Key.Length > 0) await tickets.SetAsync(input.Key, input.Run.InstanceId, context.CancellationToken);
        var ended = isNew
            ? null
            : await artifacts.FindAsync<SquadRunStatus>(input.Run.InstanceId, input.Run.Key(EndedStep), context.CancellationToken);
        return new OpenCard(RunPolicy.Of(options.Value), ended);
    });

    /// <summary>Reads the next events and says what they mean.</summary>
    [Function(nameof(ReadInbox))]
    public Task<InboxCard> ReadInbox([ActivityTrigger] InboxInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var entries = await inbox.ReadAsync(input.Run.InstanceId, input.Acknowledge, LargestBatch, context.CancellationToken);
        return new InboxCard([.. entries.Select(Judge)], entries.Count == LargestBatch);
    });

    /// <summary>Closes the inbox.</summary>
    /// <returns>The state of the next run, when an event for one came at the last moment.</returns>
    [Function(nameof(CloseRun))]
    public Task<TicketRunState?> CloseRun([ActivityTrigger] CloseInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        await artifacts.SaveAsync(input.Run.InstanceId, input.Run.Key(EndedStep), input.Ended, context.CancellationToken);
        return await inbox.CloseAsync(input.Run.InstanceId, input.Run.RunId, context.CancellationToken) is { } next
            ? TicketRunState.Start(next, input.Site)
            : null;
    });

    private static Signal Judge(InboxEvent entry) => new(
        entry.DeliveryId, entry.Event.Kind == TicketEventKind.Deleted ? SignalKind.TicketDeleted : SignalKind.Nothing);
}
