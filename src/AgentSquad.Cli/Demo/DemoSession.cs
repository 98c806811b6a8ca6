using System.Diagnostics;
using System.Security.Cryptography;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Core.Squad;
using Spectre.Console;

namespace AgentSquad.Cli.Demo;

/// <summary>One demo: its own system in a temporary folder, one ticket, one run.</summary>
internal sealed class DemoSession(DemoOptions options, IAnsiConsole console)
{
    private readonly DemoSettings _settings = DemoSettings.Read();
    private readonly string _folder = Directory.CreateTempSubdirectory("agentsquad-demo-").FullName;

    /// <summary>Runs the demo.</summary>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var keepFolder = false;
        try
        {
            await using var system = await StartAsync(cancellation);
            var result = await system.WatchAsync(
                stop => ProgressView.RunAsync(console, view => WorkAsync(system, view, stop)), cancellation);
            keepFolder = result.Problem is not null || options.Keep;
            if (options.Keep) await LeaveRunningAsync(system, result.Result);
            if (result.Problem is not null) Terminal.WriteErrorLine($"squad: {result.Problem} Logs are in {system.Logs}");
            if (options.Json) Terminal.WriteLine(System.Text.Json.JsonSerializer.Serialize(result.Result, Terminal.Json));
            return result.Problem is null ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception exception) when (exception is CliException or HttpRequestException)
        {
            keepFolder = true;
            Terminal.WriteErrorLine($"squad: {exception.Message}");
            Terminal.WriteErrorLine($"squad: what was logged until then is in {Path.Combine(_folder, "logs")}");
            return ExitCode.Failure;
        }
        finally
        {
            if (!keepFolder) Directory.Delete(_folder, recursive: true);
        }
    }

    private Task<RunningSystem> StartAsync(CancellationToken cancellation)
    {
        // A folder with nothing but host.json as the app's root: a local.settings.json beside the app is not read.
        var root = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        File.Copy(Path.Combine(Path.GetDirectoryName(BuildInfo.FunctionApp)!, "host.json"), Path.Combine(root, "host.json"));
        var plan = new SystemPlan
        {
            Folder = _folder,
            KeysFile = Path.Combine(_folder, "host-keys.json"),
            WebhookSecret = RandomNumberGenerator.GetHexString(32, lowercase: true),
            AppAccount = options.OneAccount ? SandboxAccount.Reporter : SandboxAccount.Bot,
            Environment = ChildEnvironment.Minimal(),
            AppSettings = new Dictionary<string, string>(_settings.AppSettings)
            {
                ["AzureWebJobsScriptRoot"] = root,
                ["Agents__Provider"] = "Offline",
            },
        };
        return ProgressView.RunAsync(console, view => RunningSystem.StartAsync(plan, view, cancellation));
    }

    private async Task<(DemoResult Result, string? Problem)> WorkAsync(RunningSystem system, IProgressView view, CancellationToken cancellation)
    {
        using var http = LocalHttp.Create();
        var tickets = new SandboxTickets(http, system.Sandbox!, SandboxAccount.Reporter);
        var client = new FunctionAppClient(http, system.FunctionApp, HostKeys.Require(system.KeysFile).DefaultFunctionKey);
        var watch = Stopwatch.StartNew();
        var key = await tickets.CreateAsync(options.Ticket, _settings.TriggerLabel, cancellation);
        view.Done($"{key} created: {options.Ticket.Summary}");

        var run = await new RunFollower(client, view).FollowAsync(key, options.Timeout, cancellation);
        var duration = watch.ElapsedMilliseconds;
        var status = await tickets.GetStatusAsync(key, cancellation);
        var comments = await tickets.GetSquadCommentsAsync(key, cancellation);
        var result = new DemoResult(key, status, run?.RunStatus ?? "Pending", run?.InstanceId, duration, run?.Stages ?? [], comments);
        if (!options.Json) TicketPrinter.Print(console, options.Ticket, result);
        return (result, FindProblem(result, run));
    }

    private string? FindProblem(DemoResult result, TicketRun? run)
    {
        if (run is null) return $"No run was started for {result.Ticket} within {options.Timeout.TotalSeconds:0} s.";
        if (!run.HasEnded)
        {
            return $"The run has not ended after {options.Timeout.TotalSeconds:0} s: it is in {run.Stage}{(run.Detail is { Length: > 0 } detail ? $" ({detail})" : "")}.";
        }

        if (run.RunStatus != "Completed") return $"The run ended as {run.RunStatus}: {run.Failure ?? run.Detail ?? "no reason given"}.";
        if (run.Stage != StageNames.Deliver) return $"The run ended in {run.Stage}: {run.Detail ?? "no reason given"}.";
        return _settings.FinalStatus is { } final && !string.Equals(final, result.Status, StringComparison.OrdinalIgnoreCase)
            ? $"The run completed, but {result.Ticket} is in '{result.Status}' and not in '{final}'."
            : null;
    }

    private async Task LeaveRunningAsync(RunningSystem system, DemoResult result)
    {
        system.Describe().Save(options.StateFolder);
        await system.DetachAsync([SystemFile.PathIn(options.StateFolder), _folder]);
        var keys = HostKeys.Require(system.KeysFile);
        var say = options.Json ? (Action<string>)Terminal.WriteErrorLine : Terminal.WriteLine;
        say("");
        say("Everything is left running:");
        say($"  Ticket   {system.Sandbox}/browse/{result.Ticket}");
        say($"  Tickets  {system.Sandbox}/");
        say($"  Run      {system.FunctionApp}/api/tickets/{result.Ticket}?code={keys.DefaultFunctionKey}");
        say($"  Runs     {system.FunctionApp}/api/tickets?code={keys.DefaultFunctionKey}");
        if (keys.SystemKeys.Values.FirstOrDefault() is { } systemKey && result.InstanceId is { } instance)
        {
            say($"  History  {system.FunctionApp}/runtime/webhooks/durabletask/instances/{instance}?showHistory=true&code={systemKey}");
        }

        say($"  Health   {system.FunctionApp}/api/health");
        say($"  Logs     {system.Logs}");
        say("Stop it with: dotnet run --project src/AgentSquad.Cli -- stop");
    }
}
