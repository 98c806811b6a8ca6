using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>A call of an activity whose schedule is durable.</summary>
/// <param name="Instance">The caller.</param>
/// <param name="ExecutionId">The caller's execution.</param>
/// <param name="Scheduled">The call.</param>
/// <param name="IsDetached">Whether the caller ended with the call and wants no result.</param>
internal sealed record ActivityCall(Instance Instance, string ExecutionId, HistoryEvent Scheduled, bool IsDetached);

/// <summary>Runs activities, so many at once; one that takes too long is reported and given up.</summary>
internal sealed partial class ActivityRunner(
    IDurableFunctionInvoker invoker,
    LargePayloads payloads,
    TaskHubEngineOptions options,
    ILogger logger,
    Action<ActivityCall, HistoryEvent, UserCodeScheduler?> completed,
    Func<ActivityCall, bool> isWanted) : IDisposable
{
    private static readonly TimeSpan RetryAfterStorageFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<ActivityCall> _waiting = new();
    private readonly HashSet<Running> _running = [];
    private readonly UserCodeScheduler _threads = new("activity", options.MaxConcurrentActivityFunctions);
#pragma warning disable CA2213 // Activities that do not end look at it after this object's end; it has no handle to release.
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213

    public void Add(ActivityCall call)
    {
        lock (_lock)
        {
            _waiting.Enqueue(call);
            StartNext();
        }
    }

    public void Relieve() => _threads.Relieve();

    /// <summary>Gives up what has run too long.</summary>
    public void CheckTimeouts()
    {
        List<Running> late;
        lock (_lock)
        {
            late = [.. _running.Where(item => options.Time.GetElapsedTime(item.StartedAt) > options.FunctionTimeout)];
            foreach (var item in late)
            {
                _running.Remove(item);
                item.IsAbandoned = true;
            }
        }

        foreach (var item in late) Abandon(item);
    }

    public void Dispose()
    {
        lock (_lock) _waiting.Clear();
        _stopping.Cancel();
        _threads.Dispose();
    }

    private void Abandon(Running item)
    {
        var name = item.Call.Scheduled.Name!;
        LogTimeout(logger, name, item.Call.Instance.Id, options.FunctionTimeout);
        _threads.AddReplacement();
        Finish(item.Call, Failures.Of(
            typeof(TimeoutException).FullName!,
            $"Activity function '{name}' ran longer than functionTimeout ({options.FunctionTimeout}) and was given up; a late result is discarded."));

        // Last, for it may have ended since it was found to be late, and disposed of this: nobody depends on what becomes of the cancelling.
        _ = item.Cancellation.CancelAsync();
        lock (_lock) StartNext();
    }

    private void StartNext()
    {
        while (_running.Count < options.MaxConcurrentActivityFunctions && _waiting.TryDequeue(out var call))
        {
            if (_stopping.IsCancellationRequested || !isWanted(call)) continue;
#pragma warning disable CA2000 // Disposed when the activity ends.
            var item = new Running(call, options.Time.GetTimestamp(), CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token));
#pragma warning restore CA2000
            _running.Add(item);
            _threads.Run(static state =>
            {
                var (runner, running) = ((ActivityRunner, Running))state!;
                _ = runner.RunAsync(running);
            }, (this, item));
        }
    }

    // Awaits stay on the activity threads: the scheduler is the current one here.
    private async Task RunAsync(Running item)
    {
        var call = item.Call;
        HistoryEvent? result = null;
        try
        {
            result = await InvokeAsync(item);
        }
        catch (Exception) when (item.Cancellation.IsCancellationRequested)
        {
            // It was given up, or the process stops; then it runs again after the next start.
        }

        bool late;
        lock (_lock)
        {
            late = item.IsAbandoned;
            _running.Remove(item);
            StartNext();
        }

        item.Cancellation.Dispose();
        if (late)
        {
            _threads.RemoveReplacement();
            LogLate(logger, call.Scheduled.Name!, call.Instance.Id);
        }
        else if (result is not null)
        {
            completed(call, result, _threads);
        }
    }

    private async Task<HistoryEvent?> InvokeAsync(Running item)
    {
        var call = item.Call;
        var scheduled = call.Scheduled;
        var name = scheduled.Name!;
        if (!invoker.HasActivity(name)) return Failed(call, Failures.ActivityNotFound(name));

        var input = await AskStorageAsync(item, token => payloads.ReadAsync(scheduled.Data, token));
        string? output;
        try
        {
            output = await invoker.InvokeActivityAsync(name, call.Instance.Id, input, item.Cancellation.Token);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            // Whatever the activity threw is its result.
            LogFailed(logger, exception, name, call.Instance.Id);
            return Failed(call, Failures.OfActivity(exception));
        }

        return new HistoryEvent
        {
            Kind = HistoryEventKind.TaskCompleted,
            Timestamp = options.Time.GetUtcNow().UtcDateTime,
            TaskScheduledId = scheduled.EventId,
            Data = await AskStorageAsync(item, token => payloads.StoreAsync(output, token)),
        };
    }

    // Until storage answers, and only it: what the activity has done is done. One that was given up or is stopped has no more to ask.
    private async Task<T> AskStorageAsync<T>(Running item, Func<CancellationToken, ValueTask<T>> ask)
    {
        var token = item.Cancellation.Token;
        while (true)
        {
            token.ThrowIfCancellationRequested();
            try
            {
                return await ask(token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                LogStorage(logger, exception, item.Call.Scheduled.Name!, item.Call.Instance.Id);
            }

            await Task.Delay(RetryAfterStorageFailure, token);
        }
    }

    private void Finish(ActivityCall call, TaskFailureDetails failure) => completed(call, Failed(call, failure), null);

    private HistoryEvent Failed(ActivityCall call, TaskFailureDetails failure) => new()
    {
        Kind = HistoryEventKind.TaskFailed,
        Timestamp = options.Time.GetUtcNow().UtcDateTime,
        TaskScheduledId = call.Scheduled.EventId,
        Failure = failure,
    };

    [LoggerMessage(1, LogLevel.Warning, "Activity function '{Name}' of instance '{InstanceId}' failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string name, string instanceId);

    [LoggerMessage(2, LogLevel.Error,
        "Activity function '{Name}' of instance '{InstanceId}' has run longer than functionTimeout ({Timeout}) and is given up; its slot is replaced.")]
    private static partial void LogTimeout(ILogger logger, string name, string instanceId, TimeSpan timeout);

    [LoggerMessage(3, LogLevel.Warning, "Activity function '{Name}' of instance '{InstanceId}' ended after it was given up; its result is discarded.")]
    private static partial void LogLate(ILogger logger, string name, string instanceId);

    [LoggerMessage(4, LogLevel.Warning, "Storage did not answer for activity function '{Name}' of instance '{InstanceId}'; trying again.")]
    private static partial void LogStorage(ILogger logger, Exception exception, string name, string instanceId);

    private sealed class Running(ActivityCall call, long startedAt, CancellationTokenSource cancellation)
    {
        public ActivityCall Call => call;

        public long StartedAt => startedAt;

        public CancellationTokenSource Cancellation => cancellation;

        public bool IsAbandoned { get; set; }
    }
}
