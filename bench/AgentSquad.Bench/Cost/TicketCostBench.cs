using System.CommandLine;
using System.Diagnostics;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Cost;

/// <summary>Runs one ticket of each scenario by itself and counts what it takes, at proxies and in its history.</summary>
internal static class TicketCostBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly string[] Agents = ["Triage", "Plan", "Implement", "Answer", "Review", "Verify"];

    /// <summary>Creates the command <c>ticket-cost</c>.</summary>
    public static Command Create()
    {
        var idle = Proofs.Number("--idle-seconds", "How long the host is watched doing nothing, beforehand.", 20);
        var json = Proofs.Json();
        var command = new Command("ticket-cost", "Counts storage requests, bytes and agent calls of one ticket of each scenario.") { idle, json };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            async () =>
            {
                await using var world = await LocalWorld.StartAsync(seed: 1, webhooks: true, ("Squad__Approval__Mode", "ByLabel"));
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
        var watch = Stopwatch.StartNew();
        var (requests, bytes, jira) = (world.StorageProxy.Requests, world.StorageProxy.Bytes, world.JiraProxy.Requests);
        var key = await driver.WriteAsync(scenario);
        await driver.FollowAsync(() => true, cancellation);
        await Queues.DrainAsync(world, Patience, cancellation);
        var seconds = watch.Elapsed.TotalSeconds;
        var cost = new TicketCost
        {
            Scenario = scenario.Name,
            StorageRequests = Math.Max(0, world.StorageProxy.Requests - requests - (long)(idleRequests * seconds)),
            StorageBytes = Math.Max(0, world.StorageProxy.Bytes - bytes - (long)(idleBytes * seconds)),
            JiraRequests = world.JiraProxy.Requests - jira,
        };

        // Only now: reading it asks storage as well.
        var history = await RunHistory.ReadAsync(world, driver.Ended[key].InstanceId, cancellation);
        return cost with
        {
            AgentCalls = history.Activities.Where(name => Agents.Contains(name.Key)).Sum(name => name.Value),
            Activities = history.Activities.Values.Sum(),
            Turns = history.Messages,
        };
    }
}
