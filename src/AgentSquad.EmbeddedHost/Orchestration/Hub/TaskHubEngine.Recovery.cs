using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Rebuilding the state, and taking up what was under way.</summary>
internal sealed partial class TaskHubEngine
{
    private async Task RecoverAsync(LogRecovery recovery, CancellationToken cancellationToken)
    {
        if (recovery.Checkpoint is { } checkpoint)
        {
            CheckpointCodec.Read(checkpoint.Span, _state);
            _checkpointBytes = checkpoint.Length;
            if (_readModel is not null) NoteRecent();
        }

        var sequence = recovery.CheckpointSequence;
        var joiner = new RecordCodec.Joiner();
        await foreach (var record in recovery.Records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            sequence = record.Sequence;
            if (joiner.Add(record.Payload) is not { } whole) continue;
            foreach (var change in RecordCodec.Read(whole))
            {
                _state.Apply(change);
                if (_readModel is not null) NoteTouched(change);
            }
        }

        // Most of what is found waits for something; what does not unpacks its own.
        Parallel.ForEach(_state.Instances.Where(instance => !instance.IsFinished), Pack);
        _lastCommit = Task.FromResult(sequence);
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
