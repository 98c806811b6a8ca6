using System.CommandLine;
using System.Text.Json;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad runs</c>: the runs of the running system.</summary>
internal static class RunsCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("runs", "Shows the runs of the running system.") { List(), Show(), History(), Follow() };

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
        command.SetAction((parsed, cancellation) => WithAppAsync(parsed, async (system, client, http) =>
        {
            var run = await RequireAsync(client, parsed.GetValue(ticket)!, cancellation);
            var key = HostKeys.Require(system.KeysFile).MasterKey;
            foreach (var item in await RunHistory.ReadAsync(http, system.FunctionApp, run.InstanceId, key, cancellation))
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

    private static async Task<int> WithAppAsync(ParseResult parsed, Func<SystemFile, FunctionAppClient, HttpClient, Task<int>> action)
    {
        var system = SystemFile.Require(Shared.StateFolder(parsed));
        using var http = LocalHttp.Create();
        return await action(system, new FunctionAppClient(http, system.FunctionApp, HostKeys.Require(system.KeysFile).DefaultFunctionKey), http);
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
