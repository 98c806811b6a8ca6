using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class HubUpkeepTests
{
    private static readonly TaskHubEngineOptions Eager = new()
    {
        ArchiveAfter = TimeSpan.Zero,
        CheckpointBytes = 1,
        PassivateAfter = TimeSpan.Zero,
        LargePayloadBytes = 1024,
        MaintainEvery = TimeSpan.FromMilliseconds(20),
        TidyAfter = TimeSpan.Zero,
    };

    [Fact]
    public async Task Archive_FinishedInstances_KeepResultAndHistory()
    {
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager);
        for (var i = 0; i < 5; i++) await harness.EndAsync(await harness.ScheduleAsync("Echo", $"value {i}", $"e-{i}"));
        await Archived(harness, "e-4");

        await harness.RestartAsync();
        var end = await harness.EndAsync("e-3");
        var history = await harness.Engine.GetHistoryAsync("e-3", CancellationToken.None);
        var listed = await harness.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).ToListAsync();

        Assert.Equal("value 3", end.ReadOutputAs<string>());
        Assert.Equal("value 3", end.ReadInputAs<string>());
        Assert.NotEmpty(history!);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"value {i}"), listed.Select(state => state.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task Archive_OneInstanceIsAskedFor_OnlyItsBytesAreRead()
    {
        var hub = new MemoryHub();
        var late = Eager with { ArchiveAfter = TimeSpan.FromHours(1), LargePayloadBytes = 1024 * 1024 };
        await using (var harness = await EngineHarness.StartAsync(Functions(), late, hub))
        {
            for (var i = 0; i < 20; i++) await harness.EndAsync(await harness.ScheduleAsync("Echo", new string((char)('a' + i), 2000), $"e-{i}"));
            await harness.Engine.StopAsync(CancellationToken.None);
        }

        // All of them go into one blob.
        await using var next = await EngineHarness.StartAsync(Functions(), Eager with { LargePayloadBytes = 1024 * 1024 }, hub);
        await Archived(next, "e-19");
        var archive = Assert.Single(hub.Blobs, blob => blob.Key.StartsWith("archive/", StringComparison.Ordinal)).Value;
        hub.BlobBytesRead = 0;
        Assert.Equal(new string('h', 2000), (await next.EndAsync("e-7")).ReadOutputAs<string>());
        Assert.InRange(hub.BlobBytesRead, 2000, archive.Length / 4);
    }

    [Fact]
    public async Task Purge_Everything_LeavesNoBlobAndNoLog()
    {
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager, hub);
        var large = new string('x', 10_000);
        for (var i = 0; i < 20; i++) await harness.EndAsync(await harness.ScheduleAsync("Echo", large, $"e-{i}"));
        await Archived(harness, "e-19");

        var purged = await harness.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
        await harness.RestartAsync();

        Assert.Equal(20, purged.PurgedInstanceCount);
        Assert.Empty(hub.Blobs);
        Assert.Equal(0, hub.RecordCount);
        Assert.Empty(await harness.Client.GetAllInstancesAsync().ToListAsync());
    }

    [Fact]
    public async Task ContinueAsNew_LargePayloads_DropsThoseOfTheExecutionBefore()
    {
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager, hub);

        var end = await harness.RunAsync("Rolls", new string('a', 5000));
        await harness.RestartAsync();

        Assert.Equal(5010, end.ReadOutputAs<string>()!.Length);
        Assert.InRange(hub.Blobs.Count(blob => blob.Key.StartsWith("payloads/", StringComparison.Ordinal)), 1, 4);
        Assert.Equal(5010, (await harness.EndAsync(end.InstanceId)).ReadOutputAs<string>()!.Length);
    }

    [Fact]
    public async Task Checkpoint_ThenCrash_WaitingInstancesGoOn()
    {
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager, hub);
        for (var i = 0; i < 20; i++) await harness.ScheduleAsync("Waits", i, $"w-{i}");
        for (var i = 0; i < 20; i++) await harness.UntilAsync($"w-{i}", state => state.IsRunning);
        for (var i = 0; i < 10; i++) await harness.Client.RaiseEventAsync($"w-{i}", "Other", i);

        // An orderly stop writes a checkpoint: nothing is left in the log.
        await harness.RestartAsync();
        Assert.Equal(0, hub.RecordCount);
        await harness.CrashAndRestartAsync();
        for (var i = 0; i < 20; i++) await harness.Client.RaiseEventAsync($"w-{i}", "Go", $"{i}");

        for (var i = 0; i < 20; i++) Assert.Equal($"{i}", (await harness.EndAsync($"w-{i}")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task OwnershipLost_SecondEngineTakesOver_TheFirstSaysSoAndDoesNothingMore()
    {
        var hub = new MemoryHub();
        var functions = Functions();
        await using var first = await EngineHarness.StartAsync(functions, null, hub);
        var id = await first.ScheduleAsync("Waits", null, "w");

        await using var second = await EngineHarness.StartAsync(functions, null, hub);
        var reason = await first.Engine.Ended.WaitAsync(EngineHarness.Limit);

        Assert.NotNull(reason);
        Assert.Equal(TaskHubEngineState.Lost, first.Engine.State);
        await Assert.ThrowsAsync<TaskHubUnavailableException>(() => first.Client.RaiseEventAsync(id, "Go", "first"));
        await second.Client.RaiseEventAsync(id, "Go", "second");
        Assert.Equal("second", (await second.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Start_BlobsThatACrashLeftBehind_AreDeletedAndThoseInUseStay()
    {
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager, hub);
        var large = new string('x', 5000);
        await harness.EndAsync(await harness.ScheduleAsync("Echo", large, "ended"));
        await Archived(harness, "ended");
        await harness.ScheduleAsync("Waits", large, "waits");
        await harness.Client.RaiseEventAsync("waits", "Go", large);
        await harness.ScheduleAsync("Waits", large, "still waits");

        // Written, and then the process died before a record named them.
        foreach (var name in (string[])["payloads/lost", "archive/lost"]) hub.Blobs[name] = new byte[10];
        await harness.CrashAndRestartAsync();
        await UntilAsync(() => !hub.Blobs.ContainsKey("payloads/lost") && !hub.Blobs.ContainsKey("archive/lost"));

        Assert.Equal(large, (await harness.EndAsync("ended")).ReadOutputAs<string>());
        Assert.Equal(large, (await harness.EndAsync("waits")).ReadOutputAs<string>());
        Assert.Equal(large, (await harness.UntilAsync("still waits", state => state.IsRunning)).ReadInputAs<string>());
    }

    [Fact]
    public async Task Payload_OfWhatIsRefused_LeavesNoBlob()
    {
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager, hub);
        await harness.ScheduleAsync("Waits", null, "w");
        await harness.UntilAsync("w", state => state.IsRunning);
        var large = new string('x', 5000);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => harness.ScheduleAsync("Waits", large, "w"));
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.RaiseEventAsync("nobody", "Go", large));
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.TerminateInstanceAsync("nobody", large));

        await UntilAsync(() => hub.Blobs.IsEmpty);
    }

    [Fact]
    public async Task Archive_StoreFailsAtFirst_TakesTheSameInstancesAgain()
    {
        var hub = new FlakyHub(new MemoryHub(), afterItSucceeded: true);
        await using var harness = await EngineHarness.StartAsync(Functions(), Eager, hub);
        hub.FailNext = 2;
        for (var i = 0; i < 3; i++) await harness.EndAsync(await harness.ScheduleAsync("Echo", $"{i}", $"e-{i}"));

        for (var i = 0; i < 3; i++) await Archived(harness, $"e-{i}");
        var names = (await hub.Payloads.ListAsync("archive/", CancellationToken.None).ToListAsync()).Count;
        await UntilAsync(() => harness.Engine.GarbageCount == 0);

        Assert.InRange((await hub.Payloads.ListAsync("archive/", CancellationToken.None).ToListAsync()).Count, 1, Math.Min(names, 3));
        for (var i = 0; i < 3; i++) Assert.Equal($"{i}", (await harness.EndAsync($"e-{i}")).ReadOutputAs<string>());
    }

    private static TestFunctions Functions() => new TestFunctions()
        .Orchestrator("Echo", async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>()))
        .Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("Rolls", async context =>
        {
            var text = await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
            if (text.Length >= 5010) return text;
            context.ContinueAsNew(text + "x");
            return null;
        })
        .Activity("Echo", input => System.Text.Json.JsonSerializer.Deserialize<string>(input!));

    private static Task Archived(EngineHarness harness, string id) => UntilAsync(() => harness.Engine.IsArchived(id));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (!condition()) await Task.Delay(20, limit.Token);
    }
}
