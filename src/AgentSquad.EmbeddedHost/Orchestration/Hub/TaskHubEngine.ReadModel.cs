using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>
/// What keeps the read model right across restarts. A restart tells it what the log's tail has touched and what changed shortly before the
/// checkpoint; so a checkpoint may stand for a change only when the read model has it or will be told. Nobody would tell it of a purged instance.
/// </summary>
internal sealed partial class TaskHubEngine
{
    private static readonly TimeSpan LongestReadModelLag = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private volatile bool _isTouchedTold;

    // Under the gate: purges that this process knows of.
    private long _removals;
    private long _removalsTold;

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
        if (change is PurgeChange) _removals++;
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
        foreach (var id in _touched)
        {
            while (!await PublishAsync(id).ConfigureAwait(false))
            {
                await Task.Delay(RetryAfterStorageFailure, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stopping.IsCancellationRequested) return;
            }
        }

        _touched.Clear();
        lock (_gate) _commits.Add(new PendingCommit(_lastCommit, () => _isTouchedTold = true));
    }

    // In the order of the commits, so that nothing older is told after something newer. False: the archive could not be read now.
    private async Task<bool> PublishAsync(string id)
    {
        try
        {
            ArchiveLocation? archive;
            lock (_gate)
            {
                var instance = _state.Find(id);
                archive = instance?.Archive;
                if (archive is null)
                {
                    Action tell = () => _readModel!.Remove(id);
                    if (instance is not null)
                    {
                        var row = SnapshotOf(instance);
                        tell = () => _readModel!.Publish(row);
                    }

                    _commits.Add(new PendingCommit(_lastCommit, tell));
                    return true;
                }
            }

            var archived = await ReadArchivedAsync(id, archive, _stopping.Token).ConfigureAwait(false);
            lock (_gate)
            {
                if (archived is null || _state.Find(id)?.Archive != archive) return false;
                var row = SnapshotOf(archived);
                _commits.Add(new PendingCommit(_lastCommit, () => _readModel!.Publish(row)));
                return true;
            }
        }
        catch (TaskHubCorruptException exception)
        {
            // Whoever asks for the instance is told the same.
            LogMaintenance(_logger, exception);
            return true;
        }
        catch (Exception exception)
        {
            if (!_stopping.IsCancellationRequested) LogMaintenance(_logger, exception);
            return false;
        }
    }

    // Under load the read model never is quite there; what it may lack after a crash is told again by time, unless it was purged.
    private async Task<bool> IsReadModelToldAsync(long removals, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestFlush);
        try
        {
            var passed = NewSource();
            _commits.Add(new PendingCommit(Task.CompletedTask, () => passed.TrySetResult()));
            await passed.Task.WaitAsync(limit.Token).ConfigureAwait(false);
            var isTouchedTold = _isTouchedTold;
            await _readModel!.FlushAsync(limit.Token).ConfigureAwait(false);
            if (isTouchedTold) _removalsTold = removals;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not in time.
        }

        return _removalsTold >= removals;
    }
}
