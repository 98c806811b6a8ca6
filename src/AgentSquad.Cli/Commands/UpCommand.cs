using System.CommandLine;
using System.Security.Cryptography;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad up</c>: the whole system until Ctrl-C.</summary>
internal static class UpCommand
{
    private const int DefaultSandboxPort = 7072;
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";
    private const string StorageAccountSetting = "AzureWebJobsStorage__accountName";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = $"Port of the function app, {LocalApp.DefaultPort} or what {LocalApp.PortSetting} says; 0 takes a free one" };
        var sandboxPort = new Option<int>("--sandbox-port")
        {
            Description = "Port of the Jira sandbox; 0 takes a free one (tickets of earlier times keep their old address)",
            DefaultValueFactory = _ => DefaultSandboxPort,
        };
        var command = new Command(
            "up",
            "Runs the whole system until Ctrl-C: with the configured Jira site (Jira__BaseUrl or JIRA_URL), or with a Jira sandbox when none is " +
            "configured. Data is kept under the state folder. A function app that ends is started again.")
        {
            port, sandboxPort,
        };
        command.SetAction((parsed, cancellation) =>
            RunAsync(Shared.StateFolder(parsed), parsed.GetValue(port), parsed.GetValue(sandboxPort), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string stateFolder, int? port, int sandboxPort, CancellationToken cancellation)
    {
        Shared.RefuseSecondSystem(stateFolder);
        var settings = Shared.Settings();
        var plan = Plan(stateFolder, port ?? LocalApp.AddressOf(system: null, settings).Port, sandboxPort, settings);
        Terminal.WriteLine(plan.JiraBaseUrl is { } site
            ? $"Jira site: {site} (from Jira__BaseUrl or JIRA_URL)"
            : "Jira site: a local sandbox, because neither Jira__BaseUrl nor JIRA_URL is set");
        try
        {
            await using var system = await ProgressView.RunAsync(Terminal.Out, view => RunningSystem.StartAsync(plan, view, cancellation));
            system.Describe().Save(stateFolder);
            Show(system);
            return await system.WatchAsync(WaitAsync, cancellation, Terminal.WriteErrorLine);
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
        if (settings.FindText(StorageAccountSetting) is not null)
        {
            throw new CliException(
                $"{StorageAccountSetting} is set, but 'up' takes a connection string: set AzureWebJobsStorage instead, or remove it to use Azurite. "
                + "docs/self-hosting.md runs the app with an identity.");
        }

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
