using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Http;
using AgentSquad.EmbeddedHost.TaskHub;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>
/// Runs the function app as part of a generic host. Functions are checked when the host starts; requests and messages are taken once all of
/// the app's own services have started; on the way down everything that runs may end first.
/// </summary>
internal sealed class EmbeddedHostService(
    IServiceProvider services, IConfiguration configuration, IHostApplicationLifetime lifetime, ILoggerFactory loggers) : IHostedLifecycleService
{
    // Of the time that the host gives for stopping, functions get this share before they are cancelled.
    private const double ShareBeforeCancel = 0.6;

    private const int FailureExitCode = 1;
    private const string KeysFileSetting = $"{EmbeddedHostOptions.Section}:{nameof(EmbeddedHostOptions.KeysFile)}";

    private readonly ILogger _logger = loggers.CreateLogger("Host.Startup");
    private HostKeys? _keys;
    private HttpServer? _http;
    private TaskHubHost? _hub;
    private TriggerListeners? _listeners;
    private volatile bool _hasFailed;
    private Task _hubEnd = Task.CompletedTask;
    private Task _listenersStart = Task.CompletedTask;

    /// <summary>Where the host listens; null before it does.</summary>
    public Uri? Address => _http?.Address;

    private bool ExitsOnFailure => configuration.GetSection(EmbeddedHostOptions.Section).GetValue(nameof(EmbeddedHostOptions.ExitOnFailure), true);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => GuardAsync(() =>
    {
        var settings = services.GetRequiredService<HostSettings>();
        if (settings.Unsupported.Count > 0)
            _logger.LogWarning("host.json says what the embedded host does not support and ignores: {Settings}", string.Join(", ", settings.Unsupported));
        var catalog = services.GetRequiredService<FunctionCatalog>();
        var keysFile = HostKeysFile.PathOf(services.GetRequiredService<EmbeddedHostOptions>());
        _keys = HostKeysFile.ReadOrCreate(keysFile);
        // The app reads it from here and need not know how the place is chosen.
        configuration[KeysFileSetting] = keysFile;
        if (catalog.All.Count == 0) _logger.LogWarning("No function was found: functions are public methods of public classes with [Function]");
        if (configuration["WEBSITE_TIME_ZONE"] is { Length: > 0 } zone && catalog.Of(FunctionTrigger.Timer).Any())
            _logger.LogWarning("WEBSITE_TIME_ZONE ({Zone}) is not honoured: the schedules of timers are in UTC", zone);
        foreach (var function in catalog.All) _logger.LogDebug("Function {Function}: {Trigger}", function.Name, function.Trigger);
        return Task.CompletedTask;
    });

    public Task StartedAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        _http = services.GetRequiredService<HttpServer>();
        await _http.StartAsync(_keys!, cancellationToken);
        services.GetRequiredService<PoolGuard>().Start();
        services.GetRequiredService<IdleMemory>().Start();
        await Console.Out.WriteLineAsync($"Functions host listening on {_http.Address!.GetLeftPart(UriPartial.Authority)}");

        _hub = services.GetRequiredService<TaskHubHost>();
        var address = new DurableManagementAddress(_http.Address, _keys!.SystemKeys.GetValueOrDefault(HostKeys.DurableSystemKey));
        _hubEnd = EndWithHubAsync(Task.Run(() => _hub.RunAsync(address), CancellationToken.None));
        _listenersStart = StartListenersAsync(_hub);
    });

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_hub?.State == TaskHubState.Ended) await abandon.CancelAsync();
        else abandon.CancelAfter(services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout * ShareBeforeCancel);

        // What still runs may need the hub to end well; so the hub goes last.
        await Task.WhenAll(_http?.StopAsync(abandon.Token) ?? Task.CompletedTask, _listeners?.StopAsync(abandon.Token) ?? Task.CompletedTask);
        if (_hub is not null) await _hub.StopAsync(cancellationToken);
        await Task.WhenAll(_listenersStart, _hubEnd).WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        // Whatever the app's Main returns: a supervisor has to see that this was no wanted end.
        if (_hasFailed && ExitsOnFailure) Environment.Exit(FailureExitCode);
        return Task.CompletedTask;
    }

    private async Task StartListenersAsync(TaskHubHost hub)
    {
        try
        {
            await hub.Active.WaitAsync(lifetime.ApplicationStopping);
            _listeners = services.GetRequiredService<TriggerListeners>();
            await _listeners.StartAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            // The host stopped before this process came to own the hub.
        }
        catch (Exception problem) when (problem is HostStartException or ForeignOwnerException)
        {
            await FailAsync(problem.Message);
        }
    }

    // A process that lost its hub knows nothing for sure any more; a supervisor starts it again, as standby.
    private async Task EndWithHubAsync(Task<Exception?> hub)
    {
        try
        {
            if (await hub is { } reason) await FailAsync(reason is TaskHubCorruptException or ForeignOwnerException
                ? reason.Message
                : $"the task hub is lost to this process ({reason.Message}): it stops here; start it again");
        }
        catch (HostStartException problem)
        {
            await FailAsync(problem.Message);
        }
    }

    private async Task FailAsync(string message)
    {
        await SayAsync(message);
        _hasFailed = true;
        lifetime.StopApplication();
    }

    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (HostStartException problem) when (ExitsOnFailure)
        {
            await SayAsync(problem.Message);
            Environment.Exit(FailureExitCode);
        }
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync($"error: {message}");
}
