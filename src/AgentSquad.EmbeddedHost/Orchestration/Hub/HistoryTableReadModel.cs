using System.Threading.Channels;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>
/// Feeds the table <c>{Hub}History</c>, one instance at a time, behind the engine's back. What changed is only noted here; the history is
/// taken from the engine when it is written, so that many changes are one write.
/// </summary>
internal sealed partial class HistoryTableReadModel(HistoryTableWriter table, TimeProvider time, ILogger logger) : IInstanceReadModel, IAsyncDisposable
{
    private static readonly TimeSpan WriteDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Channel<(string InstanceId, long Since)> _queue = Channel.CreateUnbounded<(string, long)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, bool> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Written> _written = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private TaskHubEngine? _engine;
    private Task _work = Task.CompletedTask;
    private int _flushing;
    private int _pending;

    /// <summary>Begins to write what the engine tells of.</summary>
    public void Start(TaskHubEngine engine)
    {
        _engine = engine;
        _work = Task.Run(WorkAsync);
    }

    public void Publish(InstanceSnapshot row) => Note(row.InstanceId, isRemoved: false);

    public void Remove(string instanceId) => Note(instanceId, isRemoved: true);

    /// <summary>Fills the table with every instance's history if it was not there.</summary>
    public async Task FillIfNewAsync()
    {
        const int PageSize = 1000;
        if (!await table.CreateTableAsync(_stopping.Token).ConfigureAwait(false)) return;
        List<InstanceSnapshot> page;
        string? after = null;
        do
        {
            page = await _engine!.ListAsync(after, PageSize, _ => true, _stopping.Token).ConfigureAwait(false);
            foreach (var item in page) Note(item.InstanceId, isRemoved: false);
            if (page.Count > 0) after = page[^1].InstanceId;
        }
        while (page.Count == PageSize);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _flushing);
        try
        {
            while (Volatile.Read(ref _pending) > 0) await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _flushing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void Note(string instanceId, bool isRemoved)
    {
        lock (_lock)
        {
            var waits = _waiting.ContainsKey(instanceId);
            _waiting[instanceId] = isRemoved;
            if (waits) return;
        }

        Interlocked.Increment(ref _pending);
        _queue.Writer.TryWrite((instanceId, time.GetTimestamp()));
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var (instanceId, since) in _queue.Reader.ReadAllAsync(_stopping.Token).ConfigureAwait(false))
            {
                while (Volatile.Read(ref _flushing) == 0 && time.GetElapsedTime(since) < WriteDelay)
                    await Task.Delay(TimeSpan.FromMilliseconds(50), time, _stopping.Token).ConfigureAwait(false);
                bool isRemoved;
                lock (_lock) _waiting.Remove(instanceId, out isRemoved);
                await WriteAsync(instanceId, isRemoved).ConfigureAwait(false);
                Interlocked.Decrement(ref _pending);
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task WriteAsync(string instanceId, bool isRemoved)
    {
        var oddities = 0;
        for (var attempt = 1; await TryWriteAsync(instanceId, isRemoved).ConfigureAwait(false) is { } failed; attempt++)
        {
            // An engine that stops has no more to tell; the next start has.
            if (failed is TaskHubUnavailableException) return;
            if (!TableTrouble.IsAway(failed) && ++oddities == TableTrouble.MostAttempts)
            {
                LogLeft(logger, failed, instanceId);
                return;
            }

            if (attempt <= 2) LogFailed(logger, failed.Message);
            await Task.Delay(RetryAfterFailure, time, _stopping.Token).ConfigureAwait(false);
        }
    }

    // Null when there is nothing more to do; otherwise why there is.
    private async Task<Exception?> TryWriteAsync(string instanceId, bool isRemoved)
    {
        try
        {
            await WriteOrCreateAsync(instanceId, isRemoved).ConfigureAwait(false);
            return null;
        }
        catch (Azure.RequestFailedException refused) when (refused.Status is 400 or 413)
        {
            // It will be refused for ever; the rest must not wait for it.
            LogRefused(logger, instanceId, refused.ErrorCode);
            return null;
        }
        catch (Exception failed) when (!_stopping.IsCancellationRequested)
        {
            return failed;
        }
    }

    private async Task WriteOrCreateAsync(string instanceId, bool isRemoved)
    {
        try
        {
            await WriteNowAsync().ConfigureAwait(false);
        }
        catch (Azure.RequestFailedException missing) when (missing.Status == 404)
        {
            await table.CreateTableAsync(_stopping.Token).ConfigureAwait(false);
            await WriteNowAsync().ConfigureAwait(false);
        }

        Task WriteNowAsync() => isRemoved ? DeleteAsync(instanceId) : WriteOnceAsync(instanceId);
    }

    private Task DeleteAsync(string instanceId)
    {
        _written.Remove(instanceId);
        return table.DeleteAsync(instanceId, 0, _stopping.Token);
    }

    private async Task WriteOnceAsync(string instanceId)
    {
        var snapshot = await _engine!.GetSnapshotAsync(instanceId, _stopping.Token).ConfigureAwait(false);
        var history = snapshot is null ? null : await _engine.GetHistoryAsync(instanceId, _stopping.Token).ConfigureAwait(false);
        if (snapshot is null || history is null)
        {
            await DeleteAsync(instanceId).ConfigureAwait(false);
            return;
        }

        // A history only grows, but for the next execution and for a rewind.
        var grows = _written.TryGetValue(instanceId, out var before) && before.IsBeginningOf(snapshot.ExecutionId, history);
        if (grows && before!.Count == history.Count) return;
        await table.WriteAsync(instanceId, snapshot.ExecutionId, HistoryRows.Of(history), grows ? before!.Count : 0, _stopping.Token).ConfigureAwait(false);
        if (!grows) await table.DeleteAsync(instanceId, Math.Max(1, history.Count), _stopping.Token).ConfigureAwait(false);
        if (snapshot.Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated)
            _written.Remove(instanceId);
        else if (history.Count > 0)
            _written[instanceId] = new Written(snapshot.ExecutionId, history.Count, history[^1].Kind, history[^1].Timestamp);
    }

    [LoggerMessage(60, LogLevel.Error, "The history of instance '{InstanceId}' was refused by its table: {Code}")]
    private static partial void LogRefused(ILogger logger, string instanceId, string? code);

    [LoggerMessage(61, LogLevel.Warning, "The table of histories cannot be written, trying again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);

    [LoggerMessage(62, LogLevel.Error, "The history of instance '{InstanceId}' cannot be written to its table and is left as it is.")]
    private static partial void LogLeft(ILogger logger, Exception exception, string instanceId);

    /// <summary>What the table has of a live instance.</summary>
    private sealed record Written(string ExecutionId, int Count, HistoryEventKind LastKind, DateTime LastTime)
    {
        public bool IsBeginningOf(string executionId, IReadOnlyList<HistoryEvent> history) =>
            executionId == ExecutionId && history.Count >= Count && history[Count - 1].Kind == LastKind && history[Count - 1].Timestamp == LastTime;
    }
}
