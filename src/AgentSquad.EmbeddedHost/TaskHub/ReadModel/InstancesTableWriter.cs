using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>
/// Writes the table <c>{Hub}Instances</c> behind the engine's back: many rows at a time, the newest per instance. The table is for reading by
/// people and tools, never the truth.
/// </summary>
/// <remarks>
/// What is posted but not written dies with the process. So that nothing is missed for ever: call <see cref="FlushAsync"/> before a
/// checkpoint is written, and after a recovery post every instance that the log's tail has touched; or <see cref="RebuildAsync"/>, which
/// reads the keys and stamps of all rows and writes what differs.
/// </remarks>
internal sealed class InstancesTableWriter : IAsyncDisposable
{
    private readonly TableClient _table;
    private readonly string _hubName;
    private readonly InstancesTableOptions _options;
    private readonly ILogger _logger;
    private readonly PendingRows _pending;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Task[] _workers;
    private readonly Lock _rebuild = new();
    private HashSet<string>? _posted;
    private int _flushing;
    private int _failing;
    private int _disposed;

    /// <summary>A writer for one hub; the table is created when it is missing.</summary>
    public InstancesTableWriter(TableServiceClient tables, string hubName, InstancesTableOptions options, ILogger<InstancesTableWriter> logger)
    {
        _table = tables.GetTableClient(TableName(hubName));
        _hubName = hubName;
        _options = options;
        _logger = logger;
        _pending = new PendingRows(options.Time, options.BurstEvery, options.LongestDelay);
        _workers = [.. Enumerable.Range(0, options.Concurrency).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Instances whose newest state is not in the table yet.</summary>
    public int Pending => _pending.Count;

    /// <summary>How far the table is behind: the age of the oldest change that it lacks.</summary>
    public TimeSpan Lag => _pending.Lag;

    /// <summary>Name of a hub's table.</summary>
    public static string TableName(string hubName) => $"{hubName}Instances";

    /// <summary>Has the row written soon. Completes at once unless too many instances wait already.</summary>
    public ValueTask PostAsync(InstanceRow row, CancellationToken cancellationToken) =>
        AddAsync(row.InstanceId, row, isRebuild: false, cancellationToken);

    /// <summary>Has the row of a purged instance deleted soon; waits like <see cref="PostAsync"/>.</summary>
    public ValueTask PostDeleteAsync(string instanceId, CancellationToken cancellationToken) =>
        AddAsync(instanceId, null, isRebuild: false, cancellationToken);

    /// <summary>Creates the table; true if it was not there.</summary>
    public async Task<bool> CreateTableAsync(CancellationToken cancellationToken) =>
        await _table.CreateIfNotExistsAsync(cancellationToken) is not null;

    /// <summary>Returns when everything posted before has been written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _flushing);
        try
        {
            while (_pending.Count > 0)
            {
                if (_wake.CurrentCount < _workers.Length) _wake.Release(_workers.Length);
                await Task.Delay(TimeSpan.FromMilliseconds(20), _options.Time, cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _flushing);
        }
    }

    /// <summary>
    /// Makes the table show exactly these instances: writes what differs, deletes every other row. What is posted meanwhile is newer and wins.
    /// </summary>
    /// <param name="instances">Every instance of the hub.</param>
    /// <param name="read">Reads the whole row of one; null when it is gone.</param>
    /// <param name="cancellationToken">Ends the rebuild half way, which harms nothing.</param>
    public async Task RebuildAsync(
        IAsyncEnumerable<InstanceStamp> instances,
        Func<InstanceStamp, CancellationToken, ValueTask<InstanceRow?>> read,
        CancellationToken cancellationToken)
    {
        lock (_rebuild) _posted = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            var found = new Dictionary<string, InstanceStamp>(StringComparer.Ordinal);
            var rows = _table.QueryAsync<TableEntity>(select: InstanceEntity.StampColumns, cancellationToken: cancellationToken);
            await foreach (var entity in rows) found[entity.PartitionKey] = InstanceEntity.StampOf(entity);

            await foreach (var stamp in instances.WithCancellation(cancellationToken))
            {
                var isRight = found.Remove(InstanceEntity.PartitionKey(stamp.InstanceId), out var written)
                    && written == stamp with { InstanceId = written.InstanceId };
                if (isRight || await read(stamp, cancellationToken) is not { } row) continue;
                await AddAsync(row.InstanceId, row, isRebuild: true, cancellationToken);
            }

            await Parallel.ForEachAsync(
                found.Keys.Where(key => !IsPosted(key)),
                new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
                async (key, token) => await _table.DeleteEntityAsync(key, string.Empty, ETag.All, token));
        }
        finally
        {
            lock (_rebuild) _posted = null;
        }
    }

    /// <summary>Stops; what waits is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _stop.Dispose();
        _wake.Dispose();
    }

    private async ValueTask AddAsync(string instanceId, InstanceRow? row, bool isRebuild, CancellationToken cancellationToken)
    {
        while (!TryAdd(instanceId, row, isRebuild))
        {
            _wake.Release();
            await Task.Delay(TimeSpan.FromMilliseconds(50), _options.Time, cancellationToken);
        }
    }

    private bool TryAdd(string instanceId, InstanceRow? row, bool isRebuild)
    {
        bool isFirst;
        lock (_rebuild)
        {
            var key = InstanceEntity.PartitionKey(instanceId);
            if (isRebuild && _posted!.Contains(key)) return true;
            if (!_pending.TryAdd(instanceId, row, _options.MaxPending, out isFirst)) return false;
            if (!isRebuild) _posted?.Add(key);
        }

        // As long as something waits, a worker has a time-out for it; the others are called when there is more to do.
        if (isFirst) _wake.Release();
        return true;
    }

    private bool IsPosted(string key)
    {
        lock (_rebuild) return _posted!.Contains(key);
    }

    private async Task WorkAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var age = Volatile.Read(ref _flushing) > 0 ? TimeSpan.Zero : _options.WriteDelay;
                if (_pending.TryTake(age, _options.IsBusy(), out var entry, out var due, out var hasMore))
                {
                    if (hasMore && _wake.CurrentCount == 0) _wake.Release();
                    await WriteAsync(entry);
                    continue;
                }

                await _wake.WaitAsync(due is { } rest ? Ceiling(rest) : Timeout.InfiniteTimeSpan, _stop.Token);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task WriteAsync(PendingRows.Entry entry)
    {
        try
        {
            if (entry.Row is { } row)
            {
                await WriteAsync(InstanceEntity.From(row, _hubName), IsNew(entry, row));
            }
            else
            {
                await _table.DeleteEntityAsync(InstanceEntity.PartitionKey(entry.InstanceId), string.Empty, ETag.All, _stop.Token);
            }

            _pending.Done(entry, again: false);
            Interlocked.Exchange(ref _failing, 0);
        }
        catch (RequestFailedException failed) when (failed.Status == 404 && entry.Row is null)
        {
            _pending.Done(entry, again: false);
        }
        catch (RequestFailedException refused) when (refused.Status is 400 or 413)
        {
            // It will be refused for ever; the rest must not wait for it.
            _logger.LogError("The row of instance {Instance} was refused by the table: {Code}", entry.InstanceId, refused.ErrorCode);
            _pending.Done(entry, again: false);
        }
        catch (Exception failed) when (!_stop.IsCancellationRequested)
        {
            // A worker that ended here would be missed for ever: nothing would be flushed, and in the end nobody could post.
            var again = TableTrouble.IsAway(failed) || ++entry.Oddities < TableTrouble.MostAttempts;
            if (!again) _logger.LogError(failed, "The row of instance {Instance} cannot be written and is left as it is", entry.InstanceId);
            _pending.Done(entry, again);
            if (again) await RecoverAsync(failed);
        }
    }

    // A store that has to look for the row, as Azurite looks through all of them, looks twice for an upsert and once for what says what it is.
    private async Task WriteAsync(TableEntity entity, bool isNew)
    {
        try
        {
            if (isNew) await _table.AddEntityAsync(entity, _stop.Token);
            else await _table.UpdateEntityAsync(entity, ETag.All, TableUpdateMode.Replace, _stop.Token);
        }
        catch (RequestFailedException failed) when (failed.Status == (isNew ? 409 : 404))
        {
            await _table.UpsertEntityAsync(entity, TableUpdateMode.Replace, _stop.Token);
        }
    }

    // Nobody remembers which rows there are; an instance that is hardly older than its oldest unwritten change was never written. A wrong guess
    // costs a request.
    private bool IsNew(PendingRows.Entry entry, InstanceRow row) =>
        !entry.IsKnown && _options.Time.GetUtcNow() - row.CreatedTime < _options.Time.GetElapsedTime(entry.Since) + _options.WriteDelay;

    private async Task RecoverAsync(Exception failed)
    {
        var attempt = Interlocked.Increment(ref _failing);
        if (failed is RequestFailedException { Status: 404 })
        {
            try
            {
                await _table.CreateIfNotExistsAsync(_stop.Token);
                return;
            }
            catch (Exception again) when (!_stop.IsCancellationRequested)
            {
                failed = again;
            }
        }

        if (attempt == 1) _logger.LogWarning("The table {Table} cannot be written, trying again: {Reason}", _table.Name, failed.Message);
        var wait = TimeSpan.FromMilliseconds(200 * Math.Min(attempt, 1000));
        await Task.Delay(wait < _options.LongestRetry ? wait : _options.LongestRetry, _options.Time, _stop.Token);
    }

    // SemaphoreSlim counts whole milliseconds; rounding down would spin.
    private static TimeSpan Ceiling(TimeSpan rest) => TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds));
}
