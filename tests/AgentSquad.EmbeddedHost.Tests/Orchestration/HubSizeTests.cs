using System.Diagnostics;
using System.Globalization;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure.Storage.Blobs;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>
/// Nothing grows for ever. A few hundred orchestrations here; as many as <c>AGENTSQUAD_TEST_ORCHESTRATIONS</c> says (20,000 is the number to hold)
/// when the test is run alone, and then memory is judged as well.
/// </summary>
public sealed class HubSizeTests(ITestOutputHelper output)
{
    private const string Variable = "AGENTSQUAD_TEST_ORCHESTRATIONS";

    private static readonly TaskHubEngineOptions Tidy = new()
    {
        ArchiveAfter = TimeSpan.Zero,
        CheckpointBytes = 64 * 1024,
        LargePayloadBytes = 1024,
        MaintainEvery = TimeSpan.FromMilliseconds(20),
        TidyAfter = TimeSpan.FromMilliseconds(100),
        TidyLogBytes = 4096,
    };

    [Fact]
    public async Task Hub_RanManyAndWasPurged_IsAsSmallAndReadsAsLittleAtItsStartAsAYoungOne()
    {
        var many = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 300;
        var young = await LiveAsync(5);
        var old = await LiveAsync(many);
        output.WriteLine($"young: {young}");
        output.WriteLine($"after {many}: {old}");

        Assert.Equal(0, old.PayloadBlobs);
        Assert.InRange(old.LogBytes, 0, young.LogBytes + (32 * 1024));
        Assert.InRange(old.CheckpointBytes, 0, young.CheckpointBytes + 4096);
        Assert.InRange(old.Records, 0, young.Records + 20);
        if (Environment.GetEnvironmentVariable(Variable) is not null) Assert.InRange(old.MemoryBytes, 0, young.MemoryBytes + (4 * 1024 * 1024));
    }

    /// <summary>A hub's life: so many orchestrations, a purge, a crash; then what its successor finds.</summary>
    private static async Task<Legacy> LiveAsync(int orchestrations)
    {
        var storage = await SharedAzurite.ConnectionStringAsync();
        var name = SharedAzurite.NewHubName();
        var options = new CommitLogOptions
        {
            StandbyPoll = TimeSpan.FromMilliseconds(50), MaxSegmentBytes = 256 * 1024, CheckpointRollOverBytes = 4096, Owner = OwnerIdentity.Current(),
        };
        using var stores = new TaskHubStores(StorageAccount.FromConnectionString(storage), name, options, NullLoggerFactory.Instance);
        var functions = new TestFunctions()
            .Orchestrator("Works", async context => await context.CallActivityAsync<int>("Length", context.GetInput<string>()))
            .Activity("Length", input => input!.Length);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var log = new CrashableLog(stores.Log, options.Owner);
        await using (var engine = new TaskHubEngine(log, stores.Payloads, functions, Tidy, NullLoggerFactory.Instance))
        {
            await engine.StartAsync(CancellationToken.None).WaitAsync(EngineHarness.Limit);
            var client = engine.CreateClient("test");
            foreach (var batch in Enumerable.Range(0, orchestrations).Chunk(500))
            {
                var ids = await Task.WhenAll(batch.Select(i =>
                    client.ScheduleNewOrchestrationInstanceAsync("Works", new string('x', i % 20 == 0 ? 3000 : 50)))).WaitAsync(EngineHarness.Limit);
                foreach (var id in ids) await client.WaitForInstanceCompletionAsync(id).WaitAsync(EngineHarness.Limit);
            }

            // Some are in the archive by now, some are not.
            var purged = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
            Assert.Equal(orchestrations, purged.PurgedInstanceCount);
            using var limit = new CancellationTokenSource(EngineHarness.Limit);
            while (!engine.IsTidy) await Task.Delay(20, limit.Token);
            var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
            log.Crash();
            return await LegacyOfAsync(storage, name, options, memory);
        }
    }

    private static async Task<Legacy> LegacyOfAsync(string storage, string name, CommitLogOptions options, long memory)
    {
        var container = name.ToLowerInvariant();
        var log = await new BlobContainerClient(storage, $"{container}-log").GetBlobsAsync().Select(blob => blob.Properties.ContentLength!.Value).ToListAsync();
        var payloads = new BlobContainerClient(storage, $"{container}-payloads");
        var blobs = await payloads.ExistsAsync() ? await payloads.GetBlobsAsync().CountAsync() : 0;
        using var stores = new TaskHubStores(
            StorageAccount.FromConnectionString(storage), name, options with { Owner = OwnerIdentity.Current() }, NullLoggerFactory.Instance);
        var started = Stopwatch.GetTimestamp();
        var recovery = await stores.Log.OpenAsync(CancellationToken.None).WaitAsync(EngineHarness.Limit);
        var records = await recovery.Records.CountAsync();
        var took = Stopwatch.GetElapsedTime(started);
        await stores.Log.DisposeAsync();
        return new Legacy(log.Sum(), blobs, recovery.Checkpoint?.Length ?? 0, records, memory, took);
    }

    /// <summary>What a hub leaves behind, and what a successor has to read.</summary>
    private sealed record Legacy(long LogBytes, int PayloadBlobs, int CheckpointBytes, int Records, long MemoryBytes, TimeSpan Opened);
}
