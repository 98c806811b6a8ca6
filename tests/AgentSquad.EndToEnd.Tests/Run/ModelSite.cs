using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport;
using AgentSquad.TestSupport.Models;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>
/// One site for all tests of a class, with an app whose squad is a language model that a scripted server stands in for; the app is started anew
/// where a test needs other settings than the one before.
/// </summary>
public sealed class ModelSite : IAsyncLifetime
{
    private ModelServer? _server;
    private LocalSite? _site;
    private (string, string)[] _settings = [];

    /// <summary>Where the app's telemetry goes.</summary>
    public OtlpCollector Collector { get; private set; } = null!;

    /// <summary>The site as the test before has left it; null before the first.</summary>
    internal LocalSite? Current => _site;

    /// <summary>The site with an app whose squad is a model of a provider.</summary>
    internal async Task<(LocalSite Site, ModelServer Server)> UseAsync(
        string provider, string path, Func<ModelRequest, ModelReply> brain, params (string Name, string Value)[] settings)
    {
        _server!.Become(brain);
        (string, string)[] all =
        [
            ("Agents__Provider", provider), ("Agents__Endpoint", _server.Url + path), ("Agents__Model", "model-a"), ("Agents__ApiKey", "the-key-of-the-tests"),
            ("Agents__Budget__PerTicket", "5.00"), ("Agents__Budget__Currency", "EUR"), ("Agents__Prices__0__Model", "model-a"), ("Agents__Prices__0__Input", "2.00"),
            ("Agents__Prices__0__Output", "8.00"), ("Agents__MaxOutputTokens", "8000"), ("Squad__StatusInterval", "00:00:00"), ("Agents__FirstPause", "00:00:00.01"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", Collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"), .. settings,
        ];
        if (_site is null) _site = await LocalSite.StartAsync(webhooks: true, all);
        else if (!all.SequenceEqual(_settings)) await _site.RestartAppAsync(all);
        _settings = all;
        return (_site, _server);
    }

    public async Task InitializeAsync() => (_server, Collector) = (await ModelServer.StartAsync(ScriptedSquad.Happy), await OtlpCollector.StartAsync());

    public async Task DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        await _server!.DisposeAsync();
        await Collector.DisposeAsync();
    }

    /// <summary>Creates a ticket that says which scenario it is for.</summary>
    internal static Task<string> CreateAsync(LocalSite site, string scenario) =>
        site.Tickets.CreateAsync(TicketFile.Parse($"# Add the thing\n\nAdd it, {scenario}.\n", "the test"), "agentsquad", default);

    /// <summary>Waits until a ticket's run has ended well.</summary>
    internal static async Task<TicketRun> EndAsync(LocalSite site, string key)
    {
        var run = await site.WaitForEndAsync(key);
        Assert.True(run.RunStatus == "Completed", $"{run}\n{site.AppLog}");
        return run;
    }
}
