using System.Security.Cryptography;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.TestSupport;

namespace AgentSquad.Bench.World;

/// <summary>The whole system as processes: Azurite, Jira sandbox, function app; proxies between the app and both. Everything is gone on dispose.</summary>
internal sealed class LocalWorld : IAsyncDisposable
{
    private static readonly TimeSpan HealthyTimeout = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-bench-");
    private readonly Dictionary<string, string> _settings = ChildEnvironment.Minimal();
    private TraceSink? _traces;
    private ManagedProcess? _sandbox;
    private ManagedProcess? _app;
    private int _port;

    private LocalWorld(AzuriteProcess azurite, FaultyProxy storage, FaultyProxy jira)
    {
        Azurite = azurite;
        StorageProxy = storage;
        JiraProxy = jira;
    }

    /// <summary>The storage.</summary>
    public AzuriteProcess Azurite { get; }

    /// <summary>Between the app and the storage.</summary>
    public FaultyProxy StorageProxy { get; }

    /// <summary>Between the app and the sandbox; its address is the site's.</summary>
    public FaultyProxy JiraProxy { get; }

    /// <summary>A client for this machine.</summary>
    public HttpClient Http { get; } = LocalHttp.Create();

    /// <summary>The function app's process.</summary>
    public ManagedProcess App => _app ?? throw new InvalidOperationException("The app does not run.");

    /// <summary>Base address of the function app; the same for each of its processes.</summary>
    public string AppUrl => $"http://127.0.0.1:{_port}";

    /// <summary>Base address of the sandbox itself, past the proxy.</summary>
    public string SandboxUrl { get; private set; } = "";

    /// <summary>The site as the app knows it.</summary>
    public string SiteUrl => JiraProxy.Urls[0];

    /// <summary>Secret of the webhooks.</summary>
    public string WebhookSecret { get; } = NewSecret();

    /// <summary>API token of the app's account.</summary>
    public string ApiToken { get; } = NewSecret();

    /// <summary>Key of a model that nobody asks; it is configured so that it could leak.</summary>
    public string ModelKey { get; } = NewSecret();

    /// <summary>Everything that must never be seen anywhere, by name; host keys only once the app has started.</summary>
    public IReadOnlyDictionary<string, string> Secrets
    {
        get
        {
            var keys = HostKeys.Require(KeysFile);
            var secrets = new Dictionary<string, string>
            {
                ["webhook secret"] = WebhookSecret, ["API token"] = ApiToken, ["model key"] = ModelKey, ["master key"] = keys.MasterKey,
                ["storage key"] = Azurite.ConnectionString.Split("AccountKey=")[1].Split(';')[0],
            };
            foreach (var (name, key) in keys.FunctionKeys.Concat(keys.SystemKeys)) secrets[$"key {name}"] = key;
            return secrets;
        }
    }

    /// <summary>Folder with the logs of all processes.</summary>
    public string Logs => _folder.FullName;

    /// <summary>Log of the function app, all its processes one after the other.</summary>
    public string AppLog => Path.Combine(Logs, "functions.log");

    /// <summary>The app's HTTP API.</summary>
    public FunctionAppClient Runs => new(Http, AppAccess.Of(AppUrl, KeysFile));

    private string KeysFile => Path.Combine(_folder.FullName, "keys", "host-keys.json");

    /// <summary>Starts everything and waits until it is healthy.</summary>
    /// <param name="seed">Of the faults; none happen until a proxy is given a share.</param>
    /// <param name="webhooks">Whether the sandbox announces changes to the app.</param>
    /// <param name="settings">Settings of the app.</param>
    public static Task<LocalWorld> StartAsync(int seed, bool webhooks, params (string Name, string Value)[] settings) =>
        StartAsync(seed, webhooks, direct: false, settings);

    /// <summary>Starts everything and waits until it is healthy.</summary>
    /// <param name="seed">Of the faults; none happen until a proxy is given a share.</param>
    /// <param name="webhooks">Whether the sandbox announces changes to the app.</param>
    /// <param name="direct">Whether the app reaches the storage past its proxy, for measurements that a detour would spoil.</param>
    /// <param name="settings">Settings of the app.</param>
    public static async Task<LocalWorld> StartAsync(int seed, bool webhooks, bool direct, params (string Name, string Value)[] settings)
    {
        var azurite = AzuriteProcess.StartAsync();
#pragma warning disable CA2000 // The world disposes both.
        var storage = await FaultyProxy.StartAsync(
            seed, [ProxyFault.Refuse, ProxyFault.DropBefore, ProxyFault.DropAfter, ProxyFault.DropAfter, ProxyFault.Late, ProxyFault.Hang], 3);
        var jira = await FaultyProxy.StartAsync(
            seed + 1, [ProxyFault.Refuse, ProxyFault.Throttle, ProxyFault.DropBefore, ProxyFault.DropAfter, ProxyFault.DropAfter, ProxyFault.Late], 1);
#pragma warning restore CA2000
        var world = new LocalWorld(await azurite, storage, jira);
        try
        {
            storage.SetTargets($"{world.Azurite.BlobEndpoint}", $"{world.Azurite.QueueEndpoint}", $"{world.Azurite.TableEndpoint}");
            await world.StartSandboxAsync();
            if (!direct) world._traces = await TraceSink.StartAsync(Path.Combine(world.Logs, "traces.bin"));
            world.Configure(direct, settings);
            await world.StartAppAsync();
            if (webhooks) await SandboxAdmin.SetWebhookAsync(world.Http, world.SandboxUrl, $"{world.AppUrl}/api/jira/webhook", world.WebhookSecret, default);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the function app on its port, without waiting for it.</summary>
    public void LaunchApp() => _app = ManagedProcess.Start(BuildInfo.Dotnet, BuildInfo.FunctionApp, ["--port", $"{_port}"], _settings, Logs, AppLog);

    /// <summary>Starts the function app on its port and waits until it is healthy.</summary>
    public async Task StartAppAsync()
    {
        LaunchApp();
        var url = await App.ReadyAsync();
        _port = new Uri(url).Port;
        await FunctionAppClient.WaitUntilHealthyAsync(Http, AppUrl, HealthyTimeout, default);
    }

    /// <summary><c>kill -9</c> of the function app.</summary>
    public async Task KillAppAsync()
    {
        if (_app is null) return;
        await _app.DisposeAsync();
        _app = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAppAsync();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        await JiraProxy.DisposeAsync();
        await StorageProxy.DisposeAsync();
        if (_traces is not null) await _traces.DisposeAsync();
        await Azurite.DisposeAsync();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    private async Task StartSandboxAsync()
    {
        var environment = ChildEnvironment.Minimal();
        environment["Sandbox__BaseUrl"] = SiteUrl;
        environment["Sandbox__Users__1__ApiToken"] = ApiToken;
        environment["Sandbox__Users__0__ApiToken"] = SandboxAccount.Reporter.ApiToken;
        environment["Sandbox__Webhook__RetryDelays"] = "0.5,1,2,2,4,4,8,8,15,15,30,30,60,60";
        _sandbox = await ManagedProcess.StartAsync(BuildInfo.Dotnet, BuildInfo.JiraSandbox, ["--port", "0"], environment, Logs, Path.Combine(Logs, "sandbox.log"));
        SandboxUrl = _sandbox.Url;
        JiraProxy.SetTargets(SandboxUrl);
    }

    private void Configure(bool direct, (string Name, string Value)[] settings)
    {
        var account = direct ? Azurite.ConnectionString : Azurite.ConnectionString
            .Replace($"{Azurite.BlobEndpoint}", $"{StorageProxy.Urls[0]}/", StringComparison.Ordinal)
            .Replace($"{Azurite.QueueEndpoint}", $"{StorageProxy.Urls[1]}/", StringComparison.Ordinal)
            .Replace($"{Azurite.TableEndpoint}", $"{StorageProxy.Urls[2]}/", StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(KeysFile)!);
        _settings["AzureWebJobsStorage"] = account;
        _settings["EmbeddedHost__KeysFile"] = KeysFile;
        _settings["Jira__BaseUrl"] = SiteUrl;
        _settings["Jira__Email"] = SandboxAccount.Bot.Email;
        _settings["Jira__ApiToken"] = ApiToken;
        _settings["Jira__WebhookSecret"] = WebhookSecret;

        // The sandbox has no budget of requests to spare as a site does; with a site's ten a second, hundreds of tickets would only wait for their turn.
        _settings["Jira__RequestsPerSecond"] = "1000";
        _settings["Agents__ApiKey"] = ModelKey;
        if (_traces is not null) (_settings["OTEL_EXPORTER_OTLP_ENDPOINT"], _settings["OTEL_EXPORTER_OTLP_PROTOCOL"]) = (_traces.Url, "http/protobuf");
        foreach (var (name, value) in settings) _settings[name] = value;
    }
}
