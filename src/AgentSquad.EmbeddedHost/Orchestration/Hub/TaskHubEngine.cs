using AgentSquad.EmbeddedHost.Orchestration.Client;
using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>
/// Runs the orchestrations of one task hub. All state is in memory and belongs to this process while it owns the hub; every change goes
/// through the commit log first. One engine lives once: after <see cref="TaskHubEngineState.Lost"/> or a stop, make a new one.
/// </summary>
/// <remarks>
/// One gate guards all state; user code, storage and encoding of turns happen outside it. Memory may be ahead of the log, since the log keeps
/// the order of its records, but nothing leaves the process before the record of its cause is durable.
/// </remarks>
internal sealed partial class TaskHubEngine : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly HubState _state = new();
    private readonly ByteWriter _recordWriter = new(4096);
    private readonly ICommitLog _log;
    private readonly LargePayloads _payloads;
    private readonly IDurableFunctionInvoker _invoker;
    private readonly TaskHubEngineOptions _options;
    private readonly ILogger _logger;
    private readonly IInstanceReadModel? _readModel;
    private readonly SessionServices _sessions;
    private readonly UserCodeScheduler _turns;
    private readonly ActivityRunner _activities;
    private readonly TimerQueue _timers;
    private readonly CommitPump _commits;
#pragma warning disable CA2213 // Whoever notices a loss, or ends late, looks at it after this object's end; it has no handle to release.
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _ownershipLost;
    private Timer? _ticker;
    private Task _maintenance = Task.CompletedTask;
    private Task<long> _lastCommit = Task.FromResult(0L);
    private volatile TaskHubEngineState _engineState = TaskHubEngineState.Created;

    /// <param name="log">The hub's log, not yet open. The engine disposes it.</param>
    /// <param name="payloads">The hub's blobs.</param>
    /// <param name="invoker">Runs the functions.</param>
    /// <param name="options">Settings.</param>
    /// <param name="loggerFactory">For the engine's own log and for orchestrators.</param>
    /// <param name="readModel">Told of every change of an instance once it is durable; null for none.</param>
    public TaskHubEngine(
        ICommitLog log,
        IPayloadStore payloads,
        IDurableFunctionInvoker invoker,
        TaskHubEngineOptions options,
        ILoggerFactory loggerFactory,
        IInstanceReadModel? readModel = null)
    {
        _log = log;
        _payloads = new LargePayloads(payloads, options.LargePayloadBytes);
        _invoker = invoker;
        _options = options;
        _readModel = readModel;
        _logger = loggerFactory.CreateLogger("AgentSquad.EmbeddedHost.TaskHub");
        _sessions = new SessionServices(
            invoker,
            options.Converter,
            loggerFactory,
            payload => payload.IsBlob ? _payloads.ReadAsync(payload, _stopping.Token).AsTask().GetAwaiter().GetResult() : payload.Value,
            options.Versions.Default,
            options.ContextProperties);
        _turns = new UserCodeScheduler("orchestrator", options.MaxConcurrentOrchestratorFunctions);
        _activities = new ActivityRunner(invoker, _payloads, options, _logger, OnActivityEnded, IsWanted);
        _timers = new TimerQueue(options.Time, OnTimersDue);
        _commits = new CommitPump(Lose, exception => LogEffect(_logger, exception));
    }

    /// <summary>Where the engine is in its life.</summary>
    public TaskHubEngineState State => _engineState;

    /// <summary>Completes when the engine no longer works: with null after a stop, with the reason after a loss.</summary>
    public Task<Exception?> Ended => _ended.Task;

    /// <summary>Settings.</summary>
    public TaskHubEngineOptions Options => _options;

    /// <summary>A client of this hub.</summary>
    public DurableTaskClient CreateClient(string name) => new EmbeddedDurableTaskClient(name, this);

    /// <summary>Waits for the hub as standby, rebuilds its state and begins to work. Returns when the engine is active.</summary>
    /// <exception cref="TaskHubCorruptException">The stored state is damaged or of a newer format.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_engineState != TaskHubEngineState.Created) throw new InvalidOperationException("An engine starts once.");
        _engineState = TaskHubEngineState.Standby;
        try
        {
            var recovery = await _log.OpenAsync(cancellationToken).ConfigureAwait(false);
            _engineState = TaskHubEngineState.Starting;
            await RecoverAsync(recovery, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (_engineState is not TaskHubEngineState.Stopped) _engineState = TaskHubEngineState.Lost;
            _ended.TrySetResult(exception);
            throw;
        }

        _commits.Start();
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            _engineState = TaskHubEngineState.Active;
            Resume();
        }

        _ownershipLost = _log.OwnershipLost.Register(() => Lose(new TaskHubLostException("The ownership of the task hub was lost.")));
        _ticker = new Timer(_ => Tick(), null, TickEvery, TickEvery);
        LogActive(_logger, _state.Count);
        if (_readModel is not null) _ = Task.Run(PublishTouchedAsync, CancellationToken.None);
    }

    /// <summary>Stops taking work, lets running turns reach the log, writes a checkpoint and gives the hub up.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var wasActive = false;
        lock (_gate)
        {
            if (_engineState == TaskHubEngineState.Stopped) return;
            wasActive = _engineState == TaskHubEngineState.Active;
            if (wasActive) LogWaiting();
            _engineState = TaskHubEngineState.Stopped;
        }

        StopWork();
        if (wasActive)
        {
            try
            {
                await _maintenance.WaitAsync(cancellationToken).ConfigureAwait(false);
                await CheckpointAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TaskHubLostException or HubStorageException or OperationCanceledException)
            {
                // The log has everything; the next start only takes longer.
                LogNoCheckpoint(_logger, exception);
            }
        }

        await _log.DisposeAsync().ConfigureAwait(false);
        _ended.TrySetResult(null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _commits.Dispose();
    }

    /// <summary>Throws unless the engine works.</summary>
    public void RequireActive()
    {
        if (_engineState != TaskHubEngineState.Active) throw new TaskHubUnavailableException(_engineState);
    }

    private void StopWork()
    {
        _ticker?.Dispose();
        _ownershipLost.Dispose();
        _stopping.Cancel();
        _timers.Dispose();
        _activities.Dispose();
        _turns.Dispose();
    }

    private void Lose(Exception exception)
    {
        lock (_gate)
        {
            if (_engineState is TaskHubEngineState.Stopped or TaskHubEngineState.Lost) return;
            _engineState = TaskHubEngineState.Lost;
        }

        LogLost(_logger, exception);
        StopWork();
        _ended.TrySetResult(exception);
    }

    [LoggerMessage(10, LogLevel.Information, "The task hub is active with {Count} instances.")]
    private static partial void LogActive(ILogger logger, int count);

    [LoggerMessage(13, LogLevel.Error, "What follows from a durable record of the task hub failed.")]
    private static partial void LogEffect(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Error, "The task hub is lost to this process; nothing more is done on it.")]
    private static partial void LogLost(ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "The task hub was stopped without a checkpoint; the log has everything.")]
    private static partial void LogNoCheckpoint(ILogger logger, Exception exception);
}
