using System.CommandLine;
using System.Text.Json;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using Spectre.Console;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad status</c>: the running system and its tickets.</summary>
internal static class StatusCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var json = Shared.Json("Print one JSON object {functionApp, jira, health, tickets}");
        var command = new Command("status", "Shows the running system, its health and its tickets.") { json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var system = SystemFile.Require(Shared.StateFolder(parsed));
            using var http = LocalHttp.Create();
            var health = await FunctionAppClient.GetHealthAsync(http, system.FunctionApp, cancellation);
            var client = new FunctionAppClient(http, AppAccess.Of(system));
            var tickets = health.Status == "unreachable" ? [] : await client.ListAsync(cancellation);
            if (parsed.GetValue(json))
            {
                Terminal.WriteLine(JsonSerializer.Serialize(
                    new { system.FunctionApp, Jira = system.JiraBaseUrl, Health = health.Status, Tickets = tickets }, Terminal.Json));
            }
            else
            {
                Show(system, health, tickets);
            }

            return health.Status == "healthy" ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static void Show(SystemFile system, AppHealth health, IReadOnlyList<TicketRun> tickets)
    {
        Terminal.WriteLine($"Function app  {system.FunctionApp}  {health.Status}");
        Terminal.WriteLine($"Jira          {system.JiraBaseUrl}{(system.Sandbox is null ? "" : "  (sandbox)")}");
        Terminal.WriteLine($"Logs          {system.Logs}");
        ShowRuns(tickets);
    }

    /// <summary>Prints runs as a table.</summary>
    public static void ShowRuns(IReadOnlyList<TicketRun> tickets)
    {
        if (tickets.Count == 0)
        {
            Terminal.WriteLine("No ticket has a run yet.");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("Ticket", "Run", "Stage", "Updated", "Summary");
        foreach (var ticket in tickets)
        {
            table.AddRow([.. new[] { ticket.Ticket, ticket.RunStatus, ticket.Stage ?? "", $"{ticket.UpdatedAt:u}", ticket.Summary ?? "" }.Select(Markup.Escape)]);
        }

        Terminal.Out.Write(table);
    }
}
