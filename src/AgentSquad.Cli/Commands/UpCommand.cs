using System.CommandLine;
using System.Security.Cryptography;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad up</c>: the whole system until Ctrl-C.</summary>
internal static class UpCommand
{
    private const int DefaultPort = 7071;
    private const int DefaultSandboxPort = 7072;
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port of the function app; 0 takes a free one", DefaultValueFactory = _ => DefaultPort };
        var sandboxPort = new Option<int>("--sandbox-port")
        {
            Description = "Port of the Jira sandbox; 0 takes a free one (tickets of earlier times keep their old address)",
            DefaultValueFactory = _ => DefaultSandboxPort,
        };
        var command = new Command(
            "up",
            "Runs the whole system until Ctrl-C: with the configured Jira site (Jira__BaseUrl or JIRA_URL), or with a Jira sandbox when none is " +
            "configured. Data is kept under the state folder.")
        {
            port, sandboxPort,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(Shared.StateFolder(parsed), parsed.GetValue(port), parsed.GetValue(sandboxPort), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string stateFolder, int port, int sandboxPort, CancellationToken cancellation)
    {
        Shared.RefuseSecondSystem(stateFolder);
        var settings = Shared.Settings();
        var plan = Plan(stateFolder, port, sandboxPort, settings);
        Terminal.WriteLine(plan.JiraBaseUrl is { } site
            ? $"Jira site: {site} (from Jira__BaseUrl or JIRA_URL)"
            : "Jira site: a local sandbox, because neither Jira__BaseUrl nor JIRA_URL is set");
        try
        {
            await using var system = await ProgressView.RunAsync(Terminal.Out, view => RunningSystem.StartAsync(plan, view, cancellation));
            system.Describe().Save(stateFolder);
            Show(system);
            return await system.WatchAsync(WaitAsync, cancellation);
        }
        catch (OperationCanceledException)
        {
            Terminal.WriteLine("Stopped.");
            return ExitCode.Success;
        }
        finally
        {
            SystemFile.Remove(stateFolder);
        }
    }

    private static async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return ExitCode.Success;
    }

    private static SystemPlan Plan(string stateFolder, int port, int sandboxPort, SquadSettings settings)
    {
        var site = settings.FindText("Jira__BaseUrl", "JIRA_URL")?.TrimEnd('/');
        var storage = settings.FindText("AzureWebJobsStorage");
        return new SystemPlan
        {
            Folder = stateFolder,
            Port = port,
            SandboxPort = sandboxPort,
            KeepData = true,
            Storage = storage is null or DevelopmentStorage ? null : storage,
            KeysFile = Shared.KeysFile(system: null, settings),
            JiraBaseUrl = site,
            WebhookSecret = settings.FindText("Jira__WebhookSecret") ?? (site is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : null),
            Environment = ChildEnvironment.Whole(settings),
        };
    }

    private static void Show(RunningSystem system)
    {
        Terminal.WriteLine("");
        if (system.Sandbox is { } sandbox) Terminal.WriteLine($"Tickets:   {sandbox}");
        Terminal.WriteLine($"Runs:      {system.FunctionApp}/api/tickets?code={HostKeys.Require(system.KeysFile).DefaultFunctionKey}");
        Terminal.WriteLine($"Webhooks:  {system.FunctionApp}/api/jira/webhook");
        Terminal.WriteLine($"Logs:      {system.Logs}");
        Terminal.WriteLine("Ctrl-C stops it.");
    }
}
