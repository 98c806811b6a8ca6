using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>What keeps the hub small and its slots free.</summary>
internal sealed partial class TaskHubEngine
{
    private const int LargestArchive = 4 * 1024 * 1024;
    private const int ManyTimers = 4096;

    // Blobs that nothing refers to are deleted with the next checkpoint; this many make one due.
    private const int ManyGarbageBlobs = 1024;

    // A checkpoint that names more than this is followed by another, which no longer has to.
    private const int FewGarbageBlobs = 64;

    private static readonly TimeSpan TimersSweepEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestCleanUp = TimeSpan.FromSeconds(5);

    private readonly Queue<(Instance Instance, long Since)> _finished = new();
    private long _maintainedAt = TimeProvider.System.GetTimestamp();
    private bool _isSwept;
    private long _checkpointBytes;
    private int _namedGarbage;
    private long _timersSweptAt = TimeProvider.System.GetTimestamp();
    private long _checkpointAt = TimeProvider.System.GetTimestamp();

    /// <summary>Orchestrators that are in memory now.</summary>
    public int AwakeCount
    {
        get
        {
            lock (_gate) return _awake.Count;
        }
    }

    /// <summary>Whether there is nothing to tidy up: all that ended is archived, no blob waits for its end, and the log is no longer than state.</summary>
    public bool IsTidy
    {
        get
        {
            lock (_gate)
            {
                return _isSwept && _finished.Count == 0 && _state.Garbage.Count == 0 && _namedGarbage <= FewGarbageBlobs
                    && _log.BytesSinceCheckpoint <= Math.Max(_options.TidyLogBytes, _checkpointBytes);
            }
        }
    }

    /// <summary>Blobs that nothing needs and that are not deleted yet.</summary>
    public int GarbageCount
    {
        get
        {
            lock (_gate) return _state.Garbage.Count;
        }
    }

    private void Tick()
    {
        if (_engineState != TaskHubEngineState.Active) return;

        // A tick that waited would soon be many, on threads of the pool that whoever has the gate may need; the next one comes anyway.
        if (_gate.TryEnter())
        {
            try
            {
                Attend();
            }
            finally
            {
                _gate.Exit();
            }
        }

        _turns.Relieve();
        _activities.Relieve();
    }

    // Under the gate.
    private void Attend()
    {
        if (_engineState != TaskHubEngineState.Active) return;
        LogUnloggedSince(LongestUnlogged);
        if (!_maintenance.IsCompleted || TimeProvider.System.GetElapsedTime(_maintainedAt) < _options.MaintainEvery) return;
        _maintainedAt = TimeProvider.System.GetTimestamp();
        _maintenance = Task.Run(MaintainAsync);
    }

    private async Task MaintainAsync()
    {
        try
        {
            await GiveUpLateTurnsAsync().ConfigureAwait(false);
            _activities.CheckTimeouts();
            Passivate();
            SweepTimers();
            await ArchiveAsync(_options.ArchiveAfter).ConfigureAwait(false);
            if (IsCheckpointDue()) await CheckpointAsync(_stopping.Token).ConfigureAwait(false);
            await SweepAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            // Storage did not answer; everything is in the log, and the next round tries again.
            LogMaintenance(_logger, exception);
        }
        catch (OperationCanceledException)
        {
            // The engine stops.
        }
    }

    private async Task GiveUpLateTurnsAsync()
    {
        List<(Instance Instance, Turn Turn)> late;
        lock (_gate)
        {
            late = [.. _running
                .Where(instance => _options.Time.GetElapsedTime(instance.CurrentTurn!.StartedAt) > _options.FunctionTimeout)
                .Select(instance => (instance, instance.CurrentTurn!))];
        }

        foreach (var (instance, turn) in late)
        {
            var failure = Failures.Of(
                typeof(TimeoutException).FullName!,
                $"A turn of orchestrator function '{instance.Name}' ran longer than functionTimeout ({_options.FunctionTimeout}) and was given up. " +
                "An orchestrator must not block or compute for long; move such work into activities.");
            var outcome = new TurnOutcome { Actions = [], CancelledTimers = [], Ending = new FailedEnding(failure) };
            var change = await EncodeAsync(instance, turn, outcome).ConfigureAwait(false);
            lock (_gate)
            {
                if (instance.CurrentTurn != turn || _engineState != TaskHubEngineState.Active) continue;
                turn.IsGivenUp = true;
                turn.Threads?.AddReplacement();
                GiveUpSession(instance);
                Commit(instance, turn, change, outcome);
                EndTurn(instance);
            }

            LogLate(_logger, instance.Name, instance.Id, _options.FunctionTimeout);
        }
    }

    private void SweepTimers()
    {
        if (_timers.Count <= ManyTimers || TimeProvider.System.GetElapsedTime(_timersSweptAt) <= TimersSweepEvery) return;
        lock (_gate) _timers.Sweep(IsLive);
        _timersSweptAt = TimeProvider.System.GetTimestamp();
    }

    // Finished instances leave memory and log for an archive blob, many at a time.
    private async Task ArchiveAsync(TimeSpan age)
    {
        while (TakeFinished(age) is { Count: > 0 } batch)
        {
            var writer = new ByteWriter(64 * 1024);
            var entries = new List<(string, string, int, int)>(batch.Count);
            foreach (var instance in batch)
            {
                var offset = writer.Length;
                InstanceCodec.Write(writer, instance);
                entries.Add((instance.Id, instance.ExecutionId, offset, writer.Length - offset));
            }

            var blob = LargePayloads.NewName(LargePayloads.ArchiveFolder);
            try
            {
                await _payloads.StoreBytesAsync(blob, writer.ToArray(), _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The blob may be there for all that; what was to go into it is taken again.
                lock (_gate)
                {
                    _state.Garbage.Add(blob);
                    foreach (var instance in batch) _finished.Enqueue((instance, _options.Time.GetTimestamp()));
                }

                throw;
            }

            lock (_gate)
            {
                if (_engineState != TaskHubEngineState.Active) return;

                // One that was rewound meanwhile lives again, and may even have failed again.
                var still = batch.Where(instance => _state.Find(instance.Id) == instance).Select(instance => instance.Id).ToHashSet(StringComparer.Ordinal);
                entries.RemoveAll(entry => !still.Contains(entry.Item1));
                var change = new ArchiveChange(blob, entries);
                _state.Apply(change);
                Append([change], null);
            }
        }
    }

    // Once after the start: blobs that an earlier process wrote and never came to refer to. The next checkpoint names them, and only once it
    // has proven that the hub is still this process's own are they deleted.
    private async Task SweepAsync()
    {
        if (_isSwept) return;
        var names = await _payloads.ListOlderAsync(_stopping.Token).ConfigureAwait(false);
        lock (_gate)
        {
            foreach (var name in names) if (!_state.Needs(name)) _state.Garbage.Add(name);
        }

        _isSwept = true;
    }

    private List<Instance> TakeFinished(TimeSpan age)
    {
        lock (_gate)
        {
            List<Instance> batch = [];
            var bytes = 0;
            while (_finished.TryPeek(out var oldest)
                && bytes < LargestArchive
                && _options.Time.GetElapsedTime(oldest.Since) >= age)
            {
                _finished.Dequeue();
                if (_state.Find(oldest.Instance.Id) != oldest.Instance || oldest.Instance.Archive is not null) continue;
                batch.Add(oldest.Instance);
                bytes += oldest.Instance.History.Held.Length;
            }

            return batch;
        }
    }

    private bool IsCheckpointDue()
    {
        lock (_gate)
        {
            var bytes = _log.BytesSinceCheckpoint;
            var since = TimeProvider.System.GetElapsedTime(_checkpointAt);
            return bytes > Math.Max(_options.CheckpointBytes, 2 * _checkpointBytes)
                || _state.Garbage.Count > ManyGarbageBlobs
                || (since > _options.TidyAfter && (_state.Garbage.Count > 0 || _namedGarbage > FewGarbageBlobs || bytes > Math.Max(_options.TidyLogBytes, _checkpointBytes)));
        }
    }

    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        CheckpointSnapshot content;
        Task<long> committed;
        List<string> garbage;
        long removals;
        lock (_gate)
        {
            // With every waiting message in the log, memory and log agree at this record.
            LogWaiting();
            content = CheckpointCodec.Take(_state);
            committed = _lastCommit;
            garbage = [.. _state.Garbage];
            removals = _removals;
        }

        var sequence = await committed.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_readModel is not null && !await IsReadModelToldAsync(removals, cancellationToken).ConfigureAwait(false)) return;
        await _log.CheckpointAsync(sequence, content.WriteAsync, cancellationToken).ConfigureAwait(false);
        _checkpointBytes = content.Length;
        _namedGarbage = garbage.Count;
        _checkpointAt = TimeProvider.System.GetTimestamp();

        await DeleteAsync(garbage, cancellationToken).ConfigureAwait(false);
    }

    // The checkpoint names what goes, so what is not done in time, or before a crash, is done after the next one.
    private async Task DeleteAsync(List<string> garbage, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCleanUp);
        var deletes = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = limit.Token };
        try
        {
            await Parallel.ForEachAsync(garbage, deletes, async (blob, token) =>
            {
                await _payloads.DeleteAsync(blob, token).ConfigureAwait(false);
                lock (_gate) _state.Garbage.Remove(blob);
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up.
        }
    }

    [LoggerMessage(40, LogLevel.Error,
        "Orchestrator function '{Name}' of instance '{InstanceId}' has run longer than functionTimeout ({Timeout}) in one turn and is given up; its slot is replaced.")]
    private static partial void LogLate(ILogger logger, string name, string instanceId, TimeSpan timeout);

    [LoggerMessage(41, LogLevel.Warning, "Housekeeping of the task hub failed; it is tried again.")]
    private static partial void LogMaintenance(ILogger logger, Exception exception);
}
