using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>
/// Runs the function app as part of a generic host. Functions are checked when the host starts; requests and messages are taken once all of
/// the app's own services have started; on the way down everything that runs may end first.
/// </summary>
internal sealed class EmbeddedHostService(IServiceProvider services, IHostApplicationLifetime lifetime, ILoggerFactory loggers) : IHostedLifecycleService
{
    // Of the time that the host gives for stopping, functions get this share before they are cancelled.
    private const double ShareBeforeCancel = 0.6;

    private readonly ILogger _logger = loggers.CreateLogger("Host.Startup");
    private HostKeys? _keys;
    private HttpServer? _http;
    private TriggerListeners? _listeners;
    private Task _whenActive = Task.CompletedTask;

    /// <summary>Where the host listens; null before it does.</summary>
    public Uri? Address => _http?.Address;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => GuardAsync(() =>
    {
        var settings = services.GetRequiredService<HostSettings>();
        if (settings.Unsupported.Count > 0)
            _logger.LogWarning("host.json says what the embedded host does not support and ignores: {Settings}", string.Join(", ", settings.Unsupported));
        var catalog = services.GetRequiredService<FunctionCatalog>();
        _keys = HostKeysFile.ReadOrCreate(HostKeysFile.PathOf(services.GetRequiredService<EmbeddedHostOptions>()));
        if (catalog.All.Count == 0) _logger.LogWarning("No function was found: functions are public methods of public classes with [Function]");
        foreach (var function in catalog.All) _logger.LogDebug("Function {Function}: {Trigger}", function.Name, function.Trigger);
        return Task.CompletedTask;
    });

    public Task StartedAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        if (_keys is null) return;
        _http = services.GetRequiredService<HttpServer>();
        await _http.StartAsync(_keys, cancellationToken);
        await Console.Out.WriteLineAsync($"Functions host listening on {_http.Address!.GetLeftPart(UriPartial.Authority)}");

        var gate = services.GetRequiredService<TaskHubGate>();
        gate.Open();
        _whenActive = StartListenersAsync(gate);
    });

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var limit = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value.ShutdownTimeout * ShareBeforeCancel;
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        abandon.CancelAfter(limit);
        services.GetRequiredService<TaskHubGate>().Shut();
        await _whenActive;
        await Task.WhenAll(_http?.StopAsync(abandon.Token) ?? Task.CompletedTask, _listeners?.StopAsync(abandon.Token) ?? Task.CompletedTask);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task StartListenersAsync(TaskHubGate gate)
    {
        try
        {
            await gate.WaitActiveAsync(lifetime.ApplicationStopping);
            _listeners = services.GetRequiredService<TriggerListeners>();
            _listeners.Start();
        }
        catch (OperationCanceledException)
        {
            // The host stopped before this process came to own the hub.
        }
    }

    private async Task GuardAsync(Func<Task> step)
    {
        var options = new EmbeddedHostOptions();
        try
        {
            options = services.GetRequiredService<EmbeddedHostOptions>();
            await step();
        }
        catch (HostStartException problem) when (!options.ThrowOnStartFailure)
        {
            await Console.Error.WriteLineAsync($"error: {problem.Message}");
            Environment.ExitCode = 1;
            _keys = null;
            lifetime.StopApplication();
        }
    }
}
