using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Rebuilding the state, and taking up what was under way.</summary>
internal sealed partial class TaskHubEngine
{
    private async Task RecoverAsync(LogRecovery recovery, CancellationToken cancellationToken)
    {
        if (recovery.Checkpoint is { } checkpoint) CheckpointCodec.Read(checkpoint.Span, _state);
        var sequence = recovery.CheckpointSequence;
        await foreach (var record in recovery.Records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var change in RecordCodec.Read(record.Payload.Span))
            {
                _state.Apply(change is TurnChange { EventsBlob: not null } turn ? await WithEventsAsync(turn, cancellationToken).ConfigureAwait(false) : change);
            }

            sequence = record.Sequence;
        }

        _lastCommit = Task.FromResult(sequence);

    }

    private async Task<TurnChange> WithEventsAsync(TurnChange turn, CancellationToken cancellationToken)
    {
        var stored = await _payloads.ReadBytesAsync(turn.EventsBlob!, cancellationToken).ConfigureAwait(false);
        return turn with { StoredEvents = stored, Events = HistoryCodec.ReadAll(stored.Span) };
    }

    // Under the gate. Activities without a result run again: at least once is their contract.
    private void Resume()
    {
        foreach (var instance in _state.Instances)
        {
            if (instance.IsFinished)
            {
                if (instance.Archive is null) _finished.Enqueue((instance, _options.Time.GetTimestamp()));
                continue;
            }

            if (!instance.HasBegun && instance.StartAt is { } startAt)
            {
                _timers.Add(new TimerEntry(instance, instance.ExecutionId, TimerEntry.ScheduledStart), startAt);
            }

            foreach (var call in instance.Pending.All)
            {
                if (call.Kind == HistoryEventKind.TaskScheduled) _activities.Add(new ActivityCall(instance, instance.ExecutionId, call, IsDetached: false));
                else if (call.Kind == HistoryEventKind.TimerCreated) _timers.Add(new TimerEntry(instance, instance.ExecutionId, call.EventId), call.FireAt!.Value);
            }

            Schedule(instance);
        }
    }
}
