using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>A failed instance taken back to before its failure.</summary>
/// <param name="Instance">The instance that takes its place; its inbox is empty.</param>
/// <param name="Carried">Events that it has to be given again, oldest first.</param>
/// <param name="Redone">Calls that wait without a result: they failed, or their end was never seen.</param>
internal sealed record RewoundInstance(Instance Instance, IReadOnlyList<HistoryEvent> Carried, IReadOnlyList<HistoryEvent> Redone)
{
    /// <summary>
    /// Takes an instance back to the end of the last turn, before the one in which it failed, that decided anything. The history up to there
    /// is what any replay of the code repeats; what arrived later is delivered again, but for the failures: their calls are made again.
    /// </summary>
    /// <param name="failed">The whole instance.</param>
    /// <param name="now">UTC.</param>
    /// <param name="reason">Noted in the history.</param>
    public static RewoundInstance Of(Instance failed, DateTime now, Payload reason)
    {
        var events = HistoryCodec.ReadAll(failed.History.Plain);
        var (keep, pending) = LastDecision(events);
        var carried = events.Skip(keep).Where(IsDelivered).ToList();
        var begun = events.Take(keep).Any(item => item.Kind == HistoryEventKind.ExecutionStarted);
        var suspended = events.Take(keep).LastOrDefault(item => item.Kind is HistoryEventKind.ExecutionSuspended or HistoryEventKind.ExecutionResumed);
        var instance = new Instance
        {
            Id = failed.Id,
            ExecutionId = failed.ExecutionId,
            Name = failed.Name,
            Version = failed.Version,
            Parent = failed.Parent,
            Tags = failed.Tags,
            Input = failed.Input,
            CustomStatus = failed.CustomStatus,
            CreatedAt = failed.CreatedAt,
            LastUpdatedAt = now,
            StartAt = failed.StartAt,
            HasBegun = begun,
            Status = suspended is { Kind: HistoryEventKind.ExecutionSuspended } ? OrchestrationRuntimeStatus.Suspended
                : begun ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending,
            IsStartLogged = true,
            Blobs = failed.Blobs is null ? null : new HashSet<string>(failed.Blobs, StringComparer.Ordinal),
        };
        if (reason.IsBlob) (instance.Blobs ??= new HashSet<string>(StringComparer.Ordinal)).Add(reason.Value!);
        var writer = new ByteWriter();
        foreach (var item in events.Take(keep)) HistoryCodec.Write(writer, item);
        HistoryCodec.Write(writer, new HistoryEvent { Kind = HistoryEventKind.GenericEvent, Timestamp = now, Data = reason });
        instance.History.Append(writer.ToArray());
        foreach (var call in pending.Values) instance.Pending.Add(call);

        var ended = carried.Select(item => item.TaskScheduledId).ToHashSet();
        var redone = pending.Values.Where(call => !ended.Contains(call.EventId)).ToList();

        // The failure was not a task's: a turn without news runs the code up to it again.
        if (carried.Count == 0 && redone.Count == 0) carried.Add(new HistoryEvent { Kind = HistoryEventKind.OrchestratorStarted, Timestamp = now });
        return new RewoundInstance(instance, carried, redone);
    }

    // How many events there are up to the end of that turn, and what the code waits for there.
    private static (int Keep, SortedDictionary<int, HistoryEvent> Pending) LastDecision(List<HistoryEvent> events)
    {
        var lastTurn = Math.Max(0, events.FindLastIndex(item => item.Kind == HistoryEventKind.OrchestratorStarted));
        var lastAction = events.FindLastIndex(Math.Max(0, lastTurn - 1), lastTurn, item => IsAction(item.Kind));
        var keep = 0;
        if (lastAction >= 0)
        {
            keep = lastAction + 1;
            while (keep < lastTurn && events[keep].Kind != HistoryEventKind.OrchestratorStarted) keep++;
        }

        var pending = new SortedDictionary<int, HistoryEvent>();
        foreach (var item in events.Take(keep))
        {
            if (IsAction(item.Kind) && item.Kind != HistoryEventKind.EventSent) pending[item.EventId] = item;
            else if (item.TaskScheduledId != HistoryEvent.NoId) pending.Remove(item.TaskScheduledId);
        }

        return (keep, pending);
    }

    private static bool IsAction(HistoryEventKind kind) => kind is HistoryEventKind.TaskScheduled or HistoryEventKind.SubOrchestrationInstanceCreated
        or HistoryEventKind.TimerCreated or HistoryEventKind.EventSent;

    private static bool IsDelivered(HistoryEvent item) => item.Kind is HistoryEventKind.ExecutionStarted or HistoryEventKind.TaskCompleted
        or HistoryEventKind.SubOrchestrationInstanceCompleted or HistoryEventKind.TimerFired or HistoryEventKind.EventRaised
        or HistoryEventKind.ExecutionSuspended or HistoryEventKind.ExecutionResumed;
}
