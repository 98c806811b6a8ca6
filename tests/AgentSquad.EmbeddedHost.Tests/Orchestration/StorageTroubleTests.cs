using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class StorageTroubleTests
{
    private static readonly TaskHubEngineOptions SmallPayloads = new() { LargePayloadBytes = 100 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PayloadStore_FailsForAWhile_TheInstanceOnlyTakesLonger(bool afterItSucceeded)
    {
        var functions = new TestFunctions()
            .Orchestrator("Large", async context =>
            {
                var text = await context.CallActivityAsync<string>("Make", new string('a', 500));
                return text + "!";
            })
            .Activity("Make", _ => new string('b', 500));
        var hub = new FlakyHub(new MemoryHub(), afterItSucceeded);
        await using var harness = await EngineHarness.StartAsync(functions, SmallPayloads, hub);
        var id = await harness.ScheduleAsync("Large");
        hub.FailNext = 3;

        Assert.Equal(501, (await harness.EndAsync(id)).ReadOutputAs<string>()!.Length);
        Assert.Equal(TaskHubEngineState.Active, harness.Engine.State);
    }

    [Fact]
    public async Task Start_RecordOfANewerFormat_IsRefusedSayingSo()
    {
        var hub = new MemoryHub();
        var log = hub.Open();
        await log.OpenAsync(CancellationToken.None);
        await log.Append(new byte[] { 9, 0 });

        var failure = await Assert.ThrowsAsync<TaskHubCorruptException>(() => EngineHarness.StartAsync(new TestFunctions(), null, hub));

        Assert.Contains("format 9", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DamagedRecord_IsRefused()
    {
        var hub = new MemoryHub();
        var log = hub.Open();
        await log.OpenAsync(CancellationToken.None);
        await log.Append(new byte[] { 1, 1, 3, 40 });

        await Assert.ThrowsAsync<TaskHubCorruptException>(() => EngineHarness.StartAsync(new TestFunctions(), null, hub));
    }

    [Fact]
    public async Task ReadModel_InstancesChange_TableFollowsAlsoAfterACrash()
    {
        var functions = new TestFunctions().Orchestrator("Echo", context => Task.FromResult<object?>(context.GetInput<string>()));
        var storage = await SharedAzurite.ConnectionStringAsync();
        var name = SharedAzurite.NewHubName();
        var hub = new MemoryHub();
        var table = new TableServiceClient(storage).GetTableClient($"{name}Instances");
        using var stores = new TaskHubStores(StorageAccount.FromConnectionString(storage), name, null, NullLoggerFactory.Instance);

        await using (var readModel = new InstancesTableReadModel(stores.CreateInstancesTable()))
        {
            await using var engine = await OpenAsync(readModel);
            var client = engine.CreateClient("test");
            await client.ScheduleNewOrchestrationInstanceAsync("Echo", "x", new Microsoft.DurableTask.StartOrchestrationOptions("one"));
            await client.ScheduleNewOrchestrationInstanceAsync("Echo", "x", new Microsoft.DurableTask.StartOrchestrationOptions("two"));
            await client.WaitForInstanceCompletionAsync("one").WaitAsync(EngineHarness.Limit);
            await client.WaitForInstanceCompletionAsync("two").WaitAsync(EngineHarness.Limit);

            // Killed: what was not written yet is told again from the log.
            hub.Open();
        }

        await using var second = new InstancesTableReadModel(stores.CreateInstancesTable());
        await using var after = await OpenAsync(second);
        await UntilAsync(async () => await StatusAsync("one") == "Completed" && await StatusAsync("two") == "Completed");
        await after.CreateClient("test").PurgeInstanceAsync("two");
        await UntilAsync(async () => await StatusAsync("two") is null);

        async Task<TaskHubEngine> OpenAsync(InstancesTableReadModel readModel)
        {
            var engine = new TaskHubEngine(hub.Open(), hub.Payloads, functions, new TaskHubEngineOptions(), NullLoggerFactory.Instance, readModel);
            await engine.StartAsync(CancellationToken.None);
            return engine;
        }

        async Task<string?> StatusAsync(string id)
        {
            try
            {
                var row = await table.GetEntityIfExistsAsync<TableEntity>(id, string.Empty);
                return row.HasValue ? row.Value!.GetString("RuntimeStatus") : null;
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                return null;
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (!await condition()) await Task.Delay(20, limit.Token);
    }
}
