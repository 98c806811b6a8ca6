using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>From a turn's decisions to the change that the log takes.</summary>
internal sealed partial class TaskHubEngine
{
    // Outside the gate. Large payloads are in their blobs when this returns.
    private async Task<TurnChange> EncodeAsync(Instance instance, Turn turn, TurnOutcome? outcome)
    {
        var events = new List<HistoryEvent>(turn.Events);
        var status = Payload.None;
        List<(long, HistoryEvent)> carried = [];
        if (turn.Events.Find(item => item.Kind == HistoryEventKind.ExecutionTerminated) is { } termination)
        {
            events.Add(Completed(turn, OrchestrationRuntimeStatus.Terminated) with { Data = termination.Data });
        }

        if (outcome is not null)
        {
            foreach (var action in outcome.Actions) events.Add(await WithStoredDataAsync(action).ConfigureAwait(false));
            if (outcome.CustomStatusSet) status = await StoreAsync(outcome.CustomStatus).ConfigureAwait(false);
            if (outcome.Ending is { } ending) carried = await AddEndingAsync(instance, turn, ending, events).ConfigureAwait(false);
        }

        var writer = new ByteWriter();
        foreach (var item in events) HistoryCodec.Write(writer, item);
        return new TurnChange
        {
            InstanceId = instance.Id,
            Time = turn.Time,
            Consumed = [],
            Events = events,
            StoredEvents = writer.ToArray(),
            CancelledTimers = outcome?.CancelledTimers ?? [],
            CustomStatusSet = outcome?.CustomStatusSet ?? false,
            CustomStatus = status,
            Carried = carried,
        };
    }

    private static HistoryEvent Completed(Turn turn, OrchestrationRuntimeStatus status) => new()
    {
        Kind = HistoryEventKind.ExecutionCompleted,
        Timestamp = turn.Time,
        Status = status,
    };

    private async Task<List<(long MessageId, HistoryEvent Event)>> AddEndingAsync(
        Instance instance, Turn turn, Ending ending, List<HistoryEvent> events)
    {
        switch (ending)
        {
            case CompletedEnding completed:
                var output = await StoreAsync(completed.Output).ConfigureAwait(false);
                events.Add(Completed(turn, OrchestrationRuntimeStatus.Completed) with { Data = output });
                return [];
            case FailedEnding failed:
                events.Add(Completed(turn, OrchestrationRuntimeStatus.Failed) with { Failure = failed.Failure });
                return [];
            case ContinuedEnding continued:
                var executionId = Guid.NewGuid().ToString("N");
                events.Add(new HistoryEvent
                {
                    Kind = HistoryEventKind.ContinueAsNew,
                    Timestamp = turn.Time,
                    Target = executionId,
                    Version = continued.Version,
                });
                var start = new HistoryEvent
                {
                    Kind = HistoryEventKind.ExecutionStarted,
                    Timestamp = turn.Time,
                    Name = instance.Name,
                    Data = await StoreAsync(continued.Input).ConfigureAwait(false),
                    Target = executionId,
                    Version = continued.Version,
                };
                return [(0, start), .. continued.UnprocessedEvents.Select(item => (0L, item))];
            default:
                throw new InvalidOperationException($"Unknown ending {ending}.");
        }
    }

    private ValueTask<Payload> StoreAsync(string? text) => _payloads.StoreAsync(text, _stopping.Token);

    private async ValueTask<HistoryEvent> WithStoredDataAsync(HistoryEvent action)
    {
        var data = await StoreAsync(action.Data.Value).ConfigureAwait(false);
        return data.IsBlob ? action with { Data = data } : action;
    }
}
