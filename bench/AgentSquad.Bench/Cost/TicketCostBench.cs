using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Cost;

/// <summary>Runs one ticket of each scenario by itself and counts what it takes, at proxies and in the host's log.</summary>
internal static partial class TicketCostBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly string[] Orchestrators = ["TicketOrchestrator", "SquadTaskOrchestrator"];
    private static readonly string[] Agents = ["Triage", "Plan", "Implement", "Answer", "Review", "Verify"];

    // Triggers; everything else that is executed is an orchestrator or an activity.
    private static readonly string[] Triggers =
        ["JiraWebhook", "ProcessJiraEvent", "Health", "ListTickets", "GetTicket", "PostCommand", "ForgetDeliveries", "CorrectStatusComments", "PurgeRuns", "WatchRuns"];

    /// <summary>Creates the command <c>ticket-cost</c>.</summary>
    public static Command Create()
    {
        var idle = Proofs.Number("--idle-seconds", "How long the host is watched doing nothing, beforehand.", 20);
        var json = Proofs.Json();
        var command = new Command("ticket-cost", "Counts storage requests, bytes and agent calls of one ticket of each scenario.") { idle, json };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            async () =>
            {
                await using var world = await LocalWorld.StartAsync(seed: 1, webhooks: true, ("Squad__Approval__Mode", "ByLabel"), ("AzureFunctionsJobHost__logging__logLevel__Function", "Debug"));
                Report.Print(await RunAsync(world, TimeSpan.FromSeconds(parsed.GetValue(idle)), cancellation), parsed.GetValue(json));
                return true;
            },
            cancellation));
        return command;
    }

    private static async Task<TicketCostResult> RunAsync(LocalWorld world, TimeSpan idle, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);

        // The first ticket makes what is made once: tables, containers, the project's types.
        Report.Say("a ticket to warm up");
        await OneAsync(world, Scenario.All[0], 0, 0, limit.Token);
        Report.Say("nothing to do");
        var (requests, bytes) = (world.StorageProxy.Requests, world.StorageProxy.Bytes);
        await Task.Delay(idle, limit.Token);
        var (idleRequests, idleBytes) = ((world.StorageProxy.Requests - requests) / idle.TotalSeconds, (world.StorageProxy.Bytes - bytes) / idle.TotalSeconds);

        var costs = new List<TicketCost>();
        foreach (var scenario in Scenario.All)
        {
            costs.Add(await OneAsync(world, scenario, idleRequests, idleBytes, limit.Token));
            Report.Say($"{costs[^1]}");
        }

        return new TicketCostResult { IdleRequestsPerSecond = Math.Round(idleRequests, 1), Scenarios = costs };
    }

    private static async Task<TicketCost> OneAsync(LocalWorld world, Scenario scenario, double idleRequests, double idleBytes, CancellationToken cancellation)
    {
        var driver = new TicketDriver(world);
        var (watch, log) = (Stopwatch.StartNew(), new FileInfo(world.AppLog).Length);
        var (requests, bytes, jira) = (world.StorageProxy.Requests, world.StorageProxy.Bytes, world.JiraProxy.Requests);
        await driver.WriteAsync(scenario);
        await driver.FollowAsync(() => true, cancellation);
        await Queues.DrainAsync(world, Patience, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        var executed = await ExecutedAsync(world.AppLog, log, cancellation);
        return new TicketCost
        {
            Scenario = scenario.Name,
            StorageRequests = Math.Max(0, world.StorageProxy.Requests - requests - (long)(idleRequests * seconds)),
            StorageBytes = Math.Max(0, world.StorageProxy.Bytes - bytes - (long)(idleBytes * seconds)),
            JiraRequests = world.JiraProxy.Requests - jira,
            AgentCalls = executed.Where(name => Agents.Contains(name.Key)).Sum(name => name.Value),
            Activities = executed.Where(name => !Orchestrators.Contains(name.Key) && !Triggers.Contains(name.Key)).Sum(name => name.Value),
            Turns = executed.Where(name => Orchestrators.Contains(name.Key)).Sum(name => name.Value),
        };
    }

    private static async Task<IReadOnlyDictionary<string, int>> ExecutedAsync(string log, long from, CancellationToken cancellation)
    {
        await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        var lines = await reader.ReadToEndAsync(cancellation);
        return Executed().Matches(lines).GroupBy(match => match.Groups["name"].Value).ToDictionary(group => group.Key, group => group.Count());
    }

    [GeneratedRegex(@"Executing (?<name>\w+) \(Id=")]
    private static partial Regex Executed();
}
