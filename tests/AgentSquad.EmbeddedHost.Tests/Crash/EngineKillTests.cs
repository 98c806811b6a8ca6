using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Tests.Orchestration;
using AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;
using AgentSquad.EmbeddedHost.Tests.TaskHub;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>Engines in processes that are really killed, again and again, on one hub.</summary>
public sealed class EngineKillTests
{
    private const string EveryPoint = "AGENTSQUAD_TEST_EVERY_COMMIT_POINT";

    // One class of commit points to a line. What befalls each single request is tried in memory, by EngineCrashTests.
    private static readonly string[][] CommitPoints =
    [
        ["append:log/:9:CrashBefore"], // a record that nobody heard of
        ["append:log/:10:CrashDuring"], // nobody can tell whether it is there
        ["append:log/:11:CrashAfter"], // a durable record whose writer died before it knew

        // Roll-over: a segment without header and link; linked, the old lease still held.
        ["create:log/00000003:1:CrashAfter", "release:log/:1:CrashBefore"],

        // A checkpoint, whole or not, and nothing that it stands for is deleted.
        ["write:checkpoint/:1:CrashDuring", "write:checkpoint/:2:CrashAfter"],

        // Truncation half way; the older checkpoint stays behind.
        ["delete:log/:1:CrashAfter", "delete:checkpoint/:1:CrashBefore"],

        // A payload, an archive that no record names, or names no more.
        ["write:payloads/:3:CrashAfter", "delete:payloads/:1:CrashBefore"],
        ["write:archive/:1:CrashAfter", "delete:archive/:1:CrashAfter"],

        // The table has not heard of what is durable; it still has what was purged.
        ["publish::7:CrashBefore", "remove::1:CrashBefore"],
        ["passivation"],
    ];

    /// <summary>One point of each class, another in another run; all of them if <c>AGENTSQUAD_TEST_EVERY_COMMIT_POINT</c> is set.</summary>
    [Fact]
    public async Task Kill_AtEachClassOfCommitPoint_TheNextProcessGoesOnFromWhatWasAcknowledged()
    {
        var all = Environment.GetEnvironmentVariable(EveryPoint) is { Length: > 0 };
        var points = CommitPoints.SelectMany(group => all ? group : [group[Random.Shared.Next(group.Length)]]);

        // Each on a hub of its own, three at a time: a process mostly waits for its start and for the store.
        await System.Threading.Tasks.Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (point, _) =>
        {
            try
            {
                await KillAtAsync(point);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Killed at {point}", failure);
            }
        });
    }

    [Fact]
    public async Task Kill_AtRandomMoments_EveryWorkflowEndsAsIfNothingHadHappened()
    {
        var storage = await SharedAzurite.ConnectionStringAsync();
        var hub = SharedAzurite.NewHubName();
        var seed = Random.Shared.Next(1_000_000);
        var random = new Random(seed);
        List<string> ended = [];
        for (var round = 0; round < 4; round++)
        {
            await using var child = ChildProcess.Start("engine", storage, hub, $"{seed}");
            await child.UntilAsync("open");
            List<string> said = [];
            for (var acknowledged = random.Next(15); acknowledged > 0 && !said.Contains("done"); acknowledged--) said.Add(await child.UntilAsync(""));
            child.Kill();
            ended.AddRange(said.Concat(await child.RestAsync()).Where(line => line.StartsWith("ack end", StringComparison.Ordinal)));
        }

        var (engine, stores) = EngineChild.Open(storage, hub);
        using var closing = stores;
        await using var stopping = engine;
        await engine.StartAsync(CancellationToken.None);
        var client = engine.CreateClient("judge");
        await EngineChild.WorkAsync(client, seed).WaitAsync(EngineHarness.Limit);
        foreach (var (id, program) in EngineChild.Programs(seed))
        {
            var end = await client.GetInstanceAsync(id, getInputsAndOutputs: true);
            Assert.True(
                end is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } && end.ReadOutputAs<long>() == program.Expected(),
                $"seed {seed}, workflow {id}: {end}, expected {program.Expected()}; ended before the last round: {string.Join(", ", ended)}");
        }

        Assert.Equal(TaskHubEngineState.Active, engine.State);
    }

    private static async Task KillAtAsync(string point)
    {
        var storage = await SharedAzurite.ConnectionStringAsync();
        var hub = SharedAzurite.NewHubName();
        await using var child = ChildProcess.Start("engine-at", storage, hub, point);
        var said = await child.RestAsync();
        Assert.DoesNotContain("done", said);

        await using var next = new EngineOnAzurite(storage, hub, _ => Fault.None);
        var work = new EngineWorkload(() => next.Engine);
        work.Remember(said);
        await next.Engine.StartAsync(CancellationToken.None).WaitAsync(EngineHarness.Limit);
        await work.JudgeLegacyAsync(next.Engine);
        await work.RunAsync().WaitAsync(EngineHarness.Limit);
        await work.JudgeAsync(next.Engine);
        await JudgeTableAsync(next, new TableServiceClient(storage).GetTableClient($"{hub}Instances"));
    }

    // The table is written behind: in the end it says what the engine says.
    private static async Task JudgeTableAsync(EngineOnAzurite hub, TableClient table)
    {
        await hub.FillTableAsync();
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (true)
        {
            var truth = await hub.Engine.CreateClient("judge").GetAllInstancesAsync()
                .Select(state => $"{state.InstanceId} {state.RuntimeStatus}").OrderBy(line => line, StringComparer.Ordinal).ToListAsync(CancellationToken.None);
            var rows = await table.QueryAsync<TableEntity>(cancellationToken: CancellationToken.None)
                .Select(row => $"{row.PartitionKey} {row.GetString("RuntimeStatus")}").OrderBy(line => line, StringComparer.Ordinal).ToListAsync(CancellationToken.None);
            if (truth.SequenceEqual(rows)) return;
            if (limit.IsCancellationRequested) Assert.Equal(truth, rows);
            await hub.FlushTableAsync();
        }
    }
}
