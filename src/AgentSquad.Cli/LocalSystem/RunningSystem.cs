using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Processes;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>Azurite, Jira sandbox and function app as child processes; all stopped in reverse order when disposed.</summary>
internal sealed partial class RunningSystem : IAsyncDisposable
{
    private const string FunctionAppName = "The function app";
    private const string FunctionAppLog = "functions";
    private const string SandboxName = "The Jira sandbox";
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(2);

    private readonly GuardClient _guard;
    private readonly SystemPlan _plan;

    private RunningSystem(GuardClient guard, SystemPlan plan)
    {
        _guard = guard;
        _plan = plan;
    }

    /// <summary>Base address of the function app, without a trailing slash.</summary>
    public string FunctionApp { get; private set; } = "";

    /// <summary>Base address of the sandbox, without a trailing slash; null when a real site is used.</summary>
    public string? Sandbox { get; private set; }

    /// <summary>Storage connection string.</summary>
    public string Storage { get; private set; } = "";

    /// <summary>Base address of the Jira site, without a trailing slash.</summary>
    public string JiraBaseUrl => Sandbox ?? _plan.JiraBaseUrl!;

    /// <summary>Folder with the logs.</summary>
    public string Logs => LogFolder(_plan);

    /// <summary>File with the host keys.</summary>
    public string KeysFile => _plan.KeysFile;

    /// <summary>Secret that signs webhooks; null when a configured site has none.</summary>
    public string? WebhookSecret => _plan.WebhookSecret;

    /// <summary>The process that stops everything on SIGTERM.</summary>
    public int SupervisorPid => _guard.ProcessId;

    /// <summary>Starts a system and waits until it is healthy.</summary>
    /// <exception cref="CliException">A part did not start.</exception>
    public static async Task<RunningSystem> StartAsync(SystemPlan plan, IProgressView view, CancellationToken cancellation)
    {
        RefuseBusyPort(plan.Port, "--port");
        if (plan.JiraBaseUrl is null) RefuseBusyPort(plan.SandboxPort, "--sandbox-port");
        var script = plan.Storage is null ? await NodeRuntime.RequireAzuriteAsync(view, cancellation) : null;
        Directory.CreateDirectory(LogFolder(plan));
        var system = new RunningSystem(GuardClient.Start(), plan);
        try
        {
            await system.StartPartsAsync(script, view, cancellation);
            return system;
        }
        catch
        {
            view.Now("Stopping what was started");
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs something and ends it with an error when a part of the system dies meanwhile.</summary>
    /// <param name="action">What to run.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="say">
    /// Where to tell, in one line, that the function app has ended and is started again; null if its end is an error like any other part's.
    /// </param>
    public async Task<T> WatchAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellation, Action<string>? say = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = action(stop.Token);
        var watching = WatchPartsAsync(say, stop.Token);
        await Task.WhenAny(running, watching);
        var isDone = running.IsCompleted;
        await stop.CancelAsync();
        await Task.WhenAll(Task.WhenAny(running), Task.WhenAny(watching));
        if (!isDone)
        {
            cancellation.ThrowIfCancellationRequested();
            await watching;
        }

        return await running;
    }

    /// <summary>Leaves everything running when this object is disposed.</summary>
    /// <param name="cleanup">Files and folders to delete once the system is told to stop.</param>
    public Task DetachAsync(IReadOnlyList<string> cleanup) => _guard.DetachAsync(cleanup);

    /// <summary>What other commands need to know about this system.</summary>
    public SystemFile Describe() =>
        new(FunctionApp, Sandbox, Storage, _plan.WebhookSecret, KeysFile, JiraBaseUrl, SupervisorPid, Logs);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _guard.DisposeAsync();

    private static string LogFolder(SystemPlan plan) => Path.Combine(plan.Folder, "logs");

    private static void RefuseBusyPort(int port, string option)
    {
        if (port == 0) return;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new CliException($"Port {port} is in use: stop what listens there, or choose another port with {option}.", exception);
        }
    }

    private async Task StartPartsAsync(string? azuriteScript, IProgressView view, CancellationToken cancellation)
    {
        view.Now(_plan.JiraBaseUrl is null ? "Starting Azurite and the Jira sandbox" : "Starting Azurite");
        var storage = StartAzuriteAsync(azuriteScript, cancellation);
        var sandbox = _plan.JiraBaseUrl is null ? StartSandboxAsync(cancellation) : Task.FromResult<string?>(null);
        await Task.WhenAll((Task[])[storage, sandbox]);
        Storage = await storage;
        Sandbox = await sandbox;
        view.Done(_plan.Storage is null ? "Azurite is ready" : "Using the configured storage account");
        if (Sandbox is not null) view.Done($"Jira sandbox is ready at {Sandbox}");

        view.Now("Starting the function app");
        FunctionApp = await StartFunctionAppAsync(_plan.Port, cancellation);
        using var http = LocalHttp.Create();
        if (Sandbox is not null) await SandboxAdmin.SetWebhookAsync(http, Sandbox, $"{FunctionApp}/api/jira/webhook", _plan.WebhookSecret!, cancellation);
        await FunctionAppClient.WaitUntilHealthyAsync(http, FunctionApp, ReadyTimeout, cancellation);
        view.Done($"Function app is ready at {FunctionApp}");
    }

    private async Task WatchPartsAsync(Action<string>? say, CancellationToken cancellation)
    {
        var restarts = new Restarts(RestartFunctionAppAsync, say);
        var restarting = Task.CompletedTask;
        while (true)
        {
            var next = _guard.Exits.ReadAsync(cancellation).AsTask();
            if (!restarting.IsCompleted) await Task.WhenAny(next, restarting);
            if (restarting.IsCompleted) await restarting;
            var exit = await next;
            var what = $"{exit.Name} ended unexpectedly (exit code {exit.ExitCode?.ToString() ?? "unknown"})";
            if (say is null || exit.Name != FunctionAppName) throw new CliException($"{what}; logs are in {Logs}");
            restarting = restarts.AgainAsync(what, cancellation);
        }
    }

    // Healthy or not: an app that waits for its storage does so by itself.
    private async Task<string> RestartFunctionAppAsync(CancellationToken cancellation)
    {
        await StartFunctionAppAsync(new Uri(FunctionApp).Port, cancellation);
        return $"The function app listens on {FunctionApp} again; its log is {LogFile(FunctionAppLog)}";
    }

    private async Task<string> StartAzuriteAsync(string? script, CancellationToken cancellation)
    {
        if (_plan.Storage is { } storage) return storage;
        string? data = null;
        if (_plan.KeepData) Directory.CreateDirectory(data = Path.Combine(_plan.Folder, "azurite"));
        var lines = await _guard.StartAsync(Azurite.Child(script!, data, LogFile("azurite")), ReadyTimeout, cancellation);
        return Azurite.ConnectionString(lines);
    }

    private async Task<string?> StartSandboxAsync(CancellationToken cancellation)
    {
        var environment = ChildEnvironment.Minimal();
        var accounts = (SandboxAccount[])[SandboxAccount.Reporter, SandboxAccount.Bot, .. _plan.People];
        foreach (var (i, account) in accounts.Index())
        {
            environment[$"Sandbox__Users__{i}__Email"] = account.Email;
            environment[$"Sandbox__Users__{i}__ApiToken"] = account.ApiToken;
            environment[$"Sandbox__Users__{i}__DisplayName"] = account.DisplayName;
            environment[$"Sandbox__Users__{i}__AccountId"] = account.AccountId;
        }

        if (_plan.KeepData) environment["Sandbox__DataFile"] = Path.Combine(_plan.Folder, "sandbox.json");
        return await StartDotnetAsync(SandboxName, BuildInfo.JiraSandbox, _plan.SandboxPort, environment, "sandbox", cancellation);
    }

    private Task<string> StartFunctionAppAsync(int port, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(_plan.Environment)
        {
            ["AzureWebJobsStorage"] = Storage,
            ["EmbeddedHost__KeysFile"] = _plan.KeysFile,
        };
        if (Sandbox is not null)
        {
            // Both spellings of each setting, and the empty ones too: whatever a settings file says, the sandbox is what the app sees.
            foreach (var name in (string[])["Jira__BaseUrl", "JIRA_URL"]) environment[name] = Sandbox;
            foreach (var name in (string[])["Jira__Email", "JIRA_USERNAME"]) environment[name] = _plan.AppAccount.Email;
            foreach (var name in (string[])["Jira__ApiToken", "JIRA_API_TOKEN"]) environment[name] = _plan.AppAccount.ApiToken;
            environment["Jira__WebhookSecret"] = _plan.WebhookSecret!;
            environment["Jira__PreviousWebhookSecret"] = "";
            environment["Jira__Deployment"] = "Cloud";
            environment["Jira__AllowUnsignedWebhooks"] = "false";
        }

        foreach (var (name, value) in _plan.AppSettings) environment[name] = value;
        return StartDotnetAsync(FunctionAppName, BuildInfo.FunctionApp, port, environment, FunctionAppLog, cancellation);
    }

    private async Task<string> StartDotnetAsync(
        string name, string assembly, int port, Dictionary<string, string> environment, string log, CancellationToken cancellation)
    {
        var child = new ChildSpec(
            name, BuildInfo.Dotnet, [assembly, "--port", $"{port}"], environment, LogFile(log), [@"listening on http://\S+"]);
        var lines = await _guard.StartAsync(child, ReadyTimeout, cancellation);
        return ListeningUrl().Match(lines[0]).Groups[1].Value;
    }

    private string LogFile(string name) => Path.Combine(Logs, name + ".log");

    [GeneratedRegex(@"listening on (http://[^\s/]+)")]
    private static partial Regex ListeningUrl();
}
