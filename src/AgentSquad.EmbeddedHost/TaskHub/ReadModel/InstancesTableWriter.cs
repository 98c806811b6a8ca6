using System.Collections.Concurrent;
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
/// checkpoint is written, and after a recovery post every instance that the log's tail has touched; or <see cref="RebuildAsync"/>.
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
    private volatile ConcurrentDictionary<string, bool>? _posted;
    private int _flushing;
    private int _failing;

    /// <summary>A writer for one hub; the table is created when it is missing.</summary>
    public InstancesTableWriter(TableServiceClient tables, string hubName, InstancesTableOptions options, ILogger<InstancesTableWriter> logger)
    {
        _table = tables.GetTableClient(TableName(hubName));
        _hubName = hubName;
        _options = options;
        _logger = logger;
        _pending = new PendingRows(options.Time);
        _workers = [.. Enumerable.Range(0, options.Concurrency).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Instances whose newest state is not in the table yet.</summary>
    public int Pending => _pending.Count;

    /// <summary>How far the table is behind: the age of the oldest change that it lacks.</summary>
    public TimeSpan Lag => _pending.Lag;

    /// <summary>Name of a hub's table.</summary>
    public static string TableName(string hubName) => $"{hubName}Instances";

    /// <summary>Has the row written soon. Completes at once unless too many instances wait already.</summary>
    public ValueTask PostAsync(InstanceRow row, CancellationToken cancellationToken) => AddAsync(row.InstanceId, row, cancellationToken);

    /// <summary>Has the row of a purged instance deleted soon.</summary>
    public ValueTask PostDeleteAsync(string instanceId, CancellationToken cancellationToken) => AddAsync(instanceId, null, cancellationToken);

    /// <summary>Returns when everything posted before has been written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _flushing);
        try
        {
            while (_pending.Count > 0)
            {
                _wake.Release(_workers.Length);
                await Task.Delay(TimeSpan.FromMilliseconds(20), _options.Time, cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _flushing);
        }
    }

    /// <summary>Makes the table show exactly these instances: writes them all, deletes every other row.</summary>
    public async Task RebuildAsync(IAsyncEnumerable<InstanceRow> rows, CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        var known = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        _posted = known;
        try
        {
            await foreach (var row in rows.WithCancellation(cancellationToken)) await PostAsync(row, cancellationToken);
            await FlushAsync(cancellationToken);
            var strangers = _table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
                .Where(found => !known.ContainsKey(found.PartitionKey));
            await Parallel.ForEachAsync(
                strangers,
                new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
                async (found, token) => await _table.DeleteEntityAsync(found.PartitionKey, found.RowKey, ETag.All, token));
        }
        finally
        {
            _posted = null;
        }
    }

    /// <summary>Stops; what waits is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        _stop.Dispose();
        _wake.Dispose();
    }

    private async ValueTask AddAsync(string instanceId, InstanceRow? row, CancellationToken cancellationToken)
    {
        // An instance that comes to life during a rebuild is no stranger in the table.
        if (row is not null) _posted?.TryAdd(InstanceEntity.PartitionKey(instanceId), true);
        while (!_pending.TryAdd(instanceId, row, _options.MaxPending))
        {
            _wake.Release();
            await Task.Delay(TimeSpan.FromMilliseconds(50), _options.Time, cancellationToken);
        }

        // A worker that waits for this very moment has a time-out anyway; only an idle one needs the nudge.
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var age = Volatile.Read(ref _flushing) > 0 ? TimeSpan.Zero : _options.WriteDelay;
                if (_pending.TryTake(age, out var entry, out var due)) await WriteAsync(entry);
                else await _wake.WaitAsync(due is { } rest ? Ceiling(rest) : Timeout.InfiniteTimeSpan, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
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
                await _table.UpsertEntityAsync(InstanceEntity.From(row, _hubName), TableUpdateMode.Replace, _stop.Token);
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
        catch (Exception failed) when (failed is RequestFailedException or AggregateException or HttpRequestException or IOException
                                       || (failed is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            _pending.Done(entry, again: true);
            await RecoverAsync(failed);
        }
    }

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
            catch (RequestFailedException again)
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
