using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using AgentSquad.EmbeddedHost.Http;
using AgentSquad.EmbeddedHost.Orchestration;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>
/// Runs the engine of the app's task hub: waits as standby until this process owns the hub, and reports when it no longer does. An app without
/// durable functions and triggers has no hub and counts as active.
/// </summary>
internal sealed class TaskHubHost(
    FunctionCatalog catalog,
    HostSettings settings,
    EmbeddedHostOptions host,
    StorageConnections connections,
    IDurableFunctionInvoker invoker,
    DataConverter converter,
    TimeProvider time,
    ILoggerFactory loggers) : IDurableClientSource, IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger("Host.TaskHub");
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _active = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Hub? _hub;
    private int _isDisposed;
    private DurableManagementAddress _address = new(null, null);
    private volatile TaskHubState _state = TaskHubState.Standby;

    /// <summary>State now.</summary>
    public TaskHubState State => _state;

    /// <summary>Where clients find the management endpoints.</summary>
    public DurableManagementAddress Address => _address;

    /// <summary>Completes when this process owns the hub; is cancelled when it never will.</summary>
    public Task Active => _active.Task;

    /// <summary>The engine; throws <see cref="TaskHubUnavailableException"/> for an app without a hub.</summary>
    public TaskHubEngine Engine => _hub?.Engine ?? throw new TaskHubUnavailableException(TaskHubEngineState.Created);

    /// <summary>
    /// Runs until stopped. Returns null then; returns what happened when the hub is lost to this process or its stored state cannot be used.
    /// </summary>
    /// <param name="address">Where clients find the management endpoints.</param>
    public async Task<Exception?> RunAsync(DurableManagementAddress address)
    {
        _address = address;
        if (!catalog.NeedsTaskHub)
        {
            TryOpen();
            return null;
        }

        var outage = new Queues.Outage(_logger, $"Storage of the task hub {settings.HubName}");
        while (!_stopping.IsCancellationRequested)
        {
            var hub = Create();
            _hub = hub;
            try
            {
                await hub.Stores.Marker.ClaimHubAsync(settings.HubName, _stopping.Token);
                await hub.Engine.StartAsync(_stopping.Token);
                outage.Over();
                if (TryOpen()) _ = FillReadModelAsync(hub);
                else await hub.Engine.StopAsync(CancellationToken.None);
                var reason = await hub.Engine.Ended;
                if (_stopping.IsCancellationRequested) return null;
                _state = TaskHubState.Ended;
                return reason;
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                // Not active yet, so there is nothing to bring to an end.
                break;
            }
            catch (Exception problem) when (problem is RequestFailedException or AggregateException or HttpRequestException or SocketException or IOException
                                                or TimeoutException or OperationCanceledException or HubStorageException or TaskHubLostException)
            {
                // Not the owner yet, so nothing is lost by trying again.
                outage.Here(problem);
                await hub.DisposeAsync();
                await Task.Delay(PauseAfterFailure, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception problem)
            {
                _state = TaskHubState.Ended;
                return problem;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public DurableTaskClient ClientFor(string? taskHub)
    {
        if (taskHub is { Length: > 0 } name && !IsThisHub(name))
            throw new InvalidOperationException($"[DurableClient] asks for the task hub '{name}'; the embedded host has '{settings.HubName}' only.");
        var client = (_hub ?? throw new TaskHubUnavailableException(TaskHubEngineState.Created)).Client;
        DurableManagementAddress.Register(client, _address);
        return client;
    }

    /// <summary>Whether a name is this hub's, with or without the suffix that the embedded host gives it.</summary>
    public bool IsThisHub(string name)
        => name.Equals(settings.HubName, StringComparison.OrdinalIgnoreCase)
           || $"{name}{HostSettings.HubSuffix}".Equals(settings.HubName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Stops the engine; what it has acknowledged is durable.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        bool wasActive;
        lock (_gate)
        {
            wasActive = _state == TaskHubState.Active;
            _state = TaskHubState.Ended;
        }

        _active.TrySetCanceled(CancellationToken.None);
        await _stopping.CancelAsync();
        // An engine that is still starting is told by the token, and must not be pulled from under its own feet.
        if (wasActive && _hub is { } hub) await hub.Engine.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // The container knows this object under two names and disposes it under each.
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        if (_hub is not null) await _hub.DisposeAsync();
        _stopping.Dispose();
    }

    private bool TryOpen()
    {
        lock (_gate)
        {
            if (_state != TaskHubState.Standby) return false;
            _state = TaskHubState.Active;
        }

        _active.TrySetResult();
        return true;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The hub that is returned owns and disposes them.")]
    private Hub Create()
    {
        var stores = new TaskHubStores(connections.Account(settings.HubConnection), settings.HubName, null, loggers);
        var options = new TaskHubEngineOptions
        {
            MaxConcurrentActivityFunctions = settings.MaxConcurrentActivities,
            MaxConcurrentOrchestratorFunctions = settings.MaxConcurrentOrchestrators,
            FunctionTimeout = settings.FunctionTimeout ?? TimeSpan.MaxValue,
            OverrideRunningInstances = settings.OverrideRunningInstances,
            ThrowStatusExceptionsOnRaiseEvent = settings.ThrowOnRaiseEvent,
            Versions = settings.Versions,
            ContextProperties = new Dictionary<string, object?>
            {
                [DurableHttp.PollingIntervalProperty] = settings.HttpPollingInterval.TotalMilliseconds,
            },
            Converter = converter,
            Time = time,
        };
        var instances = new InstancesTableReadModel(stores.CreateInstancesTable());
        var history = host.HistoryTable ? new HistoryTableReadModel(stores.CreateHistoryTable(), time, _logger) : null;
        IInstanceReadModel readModel = history is null ? instances : new ReadModels([instances, history]);
        var engine = new TaskHubEngine(stores.Log, stores.Payloads, invoker, options, loggers, readModel);
        history?.Start(engine);
        return new Hub(stores, instances, history, engine, engine.CreateClient(settings.HubName));
    }

    private async Task FillReadModelAsync(Hub hub)
    {
        try
        {
            await hub.Instances.FillIfNewAsync(hub.Engine);
            if (hub.History is not null) await hub.History.FillIfNewAsync();
        }
        catch (Exception problem)
        {
            // The table is for readers outside; the hub works without it, and new changes reach it all the same.
            if (!_stopping.IsCancellationRequested) _logger.LogWarning("A table of the task hub could not be filled: {Reason}", problem.Message);
        }
    }

    private sealed record Hub(
        TaskHubStores Stores, InstancesTableReadModel Instances, HistoryTableReadModel? History, TaskHubEngine Engine, DurableTaskClient Client)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Engine.DisposeAsync();
            await Instances.DisposeAsync();
            if (History is not null) await History.DisposeAsync();
            Stores.Dispose();
        }
    }
}
