using System.Security.Cryptography;
using System.Text.Json;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using Spectre.Console;

namespace AgentSquad.Cli.Demo;

/// <summary>One demo: its own system in a temporary folder, and what is played in it.</summary>
internal sealed class DemoSession(DemoOptions options, IDemoPlay play, IAnsiConsole console)
{
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
            var outcome = await system.WatchAsync(
                stop => ProgressView.RunAsync(console, view => play.PlayAsync(system, view, stop)), cancellation);
            keepFolder = outcome.Problems.Count > 0 || options.Keep;
            if (options.Keep) await LeaveRunningAsync(system, outcome);
            foreach (var problem in outcome.Problems) Terminal.WriteErrorLine($"squad: {problem} Logs are in {system.Logs}");
            if (options.Json)
            {
                foreach (var line in outcome.Lines) Terminal.WriteLine(JsonSerializer.Serialize(line, line.GetType(), Terminal.Json));
            }

            return outcome.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
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
            People = play.People,
            AppSettings = new Dictionary<string, string>(play.AppSettings.Concat(options.Agents)) { ["AzureWebJobsScriptRoot"] = root },
        };
        return ProgressView.RunAsync(console, view => RunningSystem.StartAsync(plan, view, cancellation));
    }

    private async Task LeaveRunningAsync(RunningSystem system, DemoOutcome outcome)
    {
        system.Describe().Save(options.StateFolder);
        await system.DetachAsync([SystemFile.PathIn(options.StateFolder), _folder]);
        var keys = HostKeys.Require(system.KeysFile);
        var say = options.Json ? (Action<string>)Terminal.WriteErrorLine : Terminal.WriteLine;
        say("");
        say("Everything is left running:");
        say($"  Ticket   {system.Sandbox}/browse/{outcome.Ticket}");
        say($"  Tickets  {system.Sandbox}/");
        say($"  Run      {system.FunctionApp}/api/tickets/{outcome.Ticket}?code={keys.DefaultFunctionKey}");
        say($"  Runs     {system.FunctionApp}/api/tickets?code={keys.DefaultFunctionKey}");
        if (keys.SystemKeys.Values.FirstOrDefault() is { } systemKey && outcome.InstanceId is { } instance)
        {
            say($"  History  {system.FunctionApp}/runtime/webhooks/durabletask/instances/{instance}?showHistory=true&code={systemKey}");
        }

        say($"  Health   {system.FunctionApp}/api/health");
        say($"  Logs     {system.Logs}");
        say("Stop it with: dotnet run --project src/AgentSquad.Cli -- stop");
    }
}
