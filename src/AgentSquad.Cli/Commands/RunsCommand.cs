using System.CommandLine;
using System.Text.Json;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad runs</c>: the runs of the running system, or of an app elsewhere.</summary>
internal static class RunsCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "Base address of an app elsewhere, in Azure for example; default is the running system", HelpName = "address", Recursive = true,
    };

    private static readonly Option<string> KeyVariable = new("--key-env")
    {
        Description = "Environment variable that holds that app's key: a function key, or the master key, which 'history' needs",
        HelpName = "variable",
        Recursive = true,
        DefaultValueFactory = _ => AppAccess.KeyVariable,
    };

    /// <summary>Creates the command.</summary>
    public static Command Create() =>
        new("runs", "Shows the runs of the running system, or of an app elsewhere.") { Url, KeyVariable, List(), Show(), History(), Follow() };

    private static Command List()
    {
        var json = Shared.Json("Print a JSON array of /api/tickets");
        var command = new Command("list", "Lists all runs.") { json };
        command.SetAction((parsed, cancellation) => WithAppAsync(parsed, async (_, client, _) =>
        {
            var runs = await client.ListAsync(cancellation);
            if (parsed.GetValue(json)) Terminal.WriteLine(JsonSerializer.Serialize(runs, Terminal.Json));
            else StatusCommand.ShowRuns(runs);
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Show()
    {
        var ticket = Ticket();
        var json = Shared.Json("Print the JSON of /api/tickets/{key}");
        var command = new Command("show", "Shows one run with its stages and tasks.") { ticket, json };
        command.SetAction((parsed, cancellation) => WithAppAsync(parsed, async (_, client, _) =>
        {
            var run = await RequireAsync(client, parsed.GetValue(ticket)!, cancellation);
            if (parsed.GetValue(json)) Terminal.WriteLine(JsonSerializer.Serialize(run, Terminal.Json));
            else Print(run);
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command History()
    {
        var ticket = Ticket();
        var command = new Command("history", "Prints the events of a run's durable history, oldest first.") { ticket };
        command.SetAction((parsed, cancellation) => WithAppAsync(parsed, async (app, client, http) =>
        {
            var run = await RequireAsync(client, parsed.GetValue(ticket)!, cancellation);
            foreach (var item in await RunHistory.ReadAsync(http, app, run.InstanceId, cancellation))
            {
                Terminal.WriteLine($"{item.Timestamp,-28}  {item.Type,-34}  {item.Name}".TrimEnd());
            }

            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Follow()
    {
        var ticket = Ticket();
        var command = new Command("follow", "Follows a run to its end, or until Ctrl-C. Exits 0 when the run completed.") { ticket };
        command.SetAction((parsed, cancellation) => WithAppAsync(parsed, async (_, client, _) =>
        {
            var key = parsed.GetValue(ticket)!;
            await RequireAsync(client, key, cancellation);
            var run = await ProgressView.RunAsync(
                Terminal.Out, view => new RunFollower(client, view).FollowAsync(key, Timeout.InfiniteTimeSpan, cancellation));
            Print(run!);
            return run!.RunStatus == "Completed" ? ExitCode.Success : ExitCode.Failure;
        }));
        return command;
    }

    private static Argument<string> Ticket() => new("ticket") { Description = "Key of the ticket, such as TEST-1" };

    private static async Task<TicketRun> RequireAsync(FunctionAppClient client, string ticket, CancellationToken cancellation) =>
        await client.FindAsync(ticket, cancellation) ?? throw new CliException($"The squad has no run for '{ticket}': 'squad runs list' shows those it has.");

    private static async Task<int> WithAppAsync(ParseResult parsed, Func<AppAccess, FunctionAppClient, HttpClient, Task<int>> action)
    {
        LocalHttp.ExemptFromProxies();
        var app = parsed.GetValue(Url) is { } url
            ? AppAccess.Elsewhere(url, parsed.GetValue(KeyVariable)!, Environment.GetEnvironmentVariable)
            : AppAccess.Of(SystemFile.Require(Shared.StateFolder(parsed)));
        using var http = PublicHttp.Create(Patience);
        return await action(app, new FunctionAppClient(http, app), http);
    }

    private static void Print(TicketRun run)
    {
        Terminal.WriteLine($"{run.Ticket}  {run.Summary}");
        Terminal.WriteLine($"Run       {run.InstanceId}  {run.RunStatus}");
        Terminal.WriteLine($"Stages    {string.Join(" -> ", run.Stages ?? [])}");
        Terminal.WriteLine($"Time      {run.CreatedAt:u} to {run.UpdatedAt:u}");
        if (run.Detail is { Length: > 0 } detail) Terminal.WriteLine($"Detail    {detail}");
        if (run.Failure is { Length: > 0 } failure) Terminal.WriteLine($"Failure   {failure}");
        if (run.Cost is { } cost)
        {
            var limit = cost.Limit is { } most ? $" of {most:0.00##}" : "";
            Terminal.WriteLine($"Cost      {cost.Spent:0.00##}{limit} {cost.Currency}, {cost.Tokens:N0} tokens");
        }

        foreach (var task in run.Tasks ?? []) Terminal.WriteLine($"{task.Id,-8}  {task.State,-10}  {task.Role}: {task.Title}");
    }
}
