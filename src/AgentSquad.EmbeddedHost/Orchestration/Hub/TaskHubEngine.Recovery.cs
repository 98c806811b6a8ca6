using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Rebuilding the state, and taking up what was under way.</summary>
internal sealed partial class TaskHubEngine
{
    private static readonly TimeSpan LongestReadModelLag = TimeSpan.FromMinutes(10);

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);

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

        _lastCommit = Task.FromResult(sequence);
    }

    // What changed shortly before the checkpoint may not have reached the read model either.
    private void NoteRecent()
    {
        if (_state.Count == 0) return;
        var horizon = _state.Instances.Max(instance => instance.LastUpdatedAt) - LongestReadModelLag;
        foreach (var instance in _state.Instances) if (instance.LastUpdatedAt >= horizon) _touched.Add(instance.Id);
    }

    // The read model may have missed what the checkpoint does not stand for.
    private void NoteTouched(Change change)
    {
        var id = change switch
        {
            StartChange start => start.Instance.Id,
            TurnChange turn => turn.InstanceId,
            RewindChange rewind => rewind.Instance.Id,
            PurgeChange purge => purge.InstanceId,
            _ => null,
        };
        if (id is not null) _touched.Add(id);
    }

    private async Task PublishTouchedAsync()
    {
        try
        {
            foreach (var id in _touched)
            {
                if (await GetSnapshotAsync(id, _stopping.Token).ConfigureAwait(false) is { } snapshot) _readModel!.Publish(snapshot);
                else _readModel!.Remove(id);
            }

            _touched.Clear();
        }
        catch (Exception exception)
        {
            // The next start tells it again.
            LogMaintenance(_logger, exception);
        }
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
