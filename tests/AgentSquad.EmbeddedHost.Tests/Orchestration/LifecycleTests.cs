using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>What clients and orchestrators can do with whole instances, each with the case that breaks it.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task Purge_OfAParent_TakesTheChildrenAlongOnlyWhenRecursive()
    {
        var functions = new TestFunctions()
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Child", context.GetInput<string>(), new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child")))
            .Orchestrator("Child", async context => await context.CallSubOrchestratorAsync<int>(
                "Grandchild", options: new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child")))
            .Orchestrator("Grandchild", _ => Task.FromResult<object?>(1));
        await using var harness = await EngineHarness.StartAsync(functions);
        foreach (var id in (string[])["alone", "family"]) await harness.EndAsync(await harness.ScheduleAsync("Parent", null, id));

        Assert.Equal(1, (await harness.Client.PurgeInstanceAsync("alone")).PurgedInstanceCount);
        Assert.Equal(3, (await harness.Client.PurgeInstanceAsync("family", new PurgeInstanceOptions { Recursive = true })).PurgedInstanceCount);

        await harness.CrashAndRestartAsync();
        var left = await harness.Client.GetAllInstancesAsync().Select(state => state.InstanceId).ToListAsync();
        Assert.Equal(["alone-child", "alone-child-child"], left);
    }

    [Fact]
    public async Task WaitForInstanceStart_ScheduledForLater_ReturnsOnceItRuns()
    {
        var functions = new TestFunctions().Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"));
        await using var harness = await EngineHarness.StartAsync(functions);
        var due = DateTimeOffset.UtcNow.AddMilliseconds(300);
        await harness.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("later", due));
        var waiting = harness.Client.WaitForInstanceStartAsync("later");
        var early = (await harness.Client.GetInstanceAsync("later"))!.RuntimeStatus;
        if (DateTimeOffset.UtcNow < due) Assert.Equal(OrchestrationRuntimeStatus.Pending, early);

        var started = await waiting.WaitAsync(EngineHarness.Limit);

        Assert.Equal(OrchestrationRuntimeStatus.Running, started.RuntimeStatus);
        Assert.True(DateTimeOffset.UtcNow >= due);
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.WaitForInstanceStartAsync("nobody"));
        Assert.Null(await harness.Client.GetInstanceAsync("nobody"));
    }

    [Fact]
    public async Task ListInstanceIds_EndedInAPeriod_PagesEachOnce()
    {
        var functions = new TestFunctions()
            .Orchestrator("Ends", _ => Task.FromResult<object?>(1))
            .Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"));
        await using var harness = await EngineHarness.StartAsync(functions);
        for (var i = 0; i < 5; i++) await harness.EndAsync(await harness.ScheduleAsync("Ends", null, $"e-{i}"));
        await harness.ScheduleAsync("Waits", null, "w");

        List<string> found = [];
        string? last = null;
        do
        {
            var page = await harness.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Completed], DateTimeOffset.UtcNow.AddHours(-1), null, 2, last);
            found.AddRange(page.Values);
            last = page.ContinuationToken;
        }
        while (last is not null);

        Assert.Equal(["e-0", "e-1", "e-2", "e-3", "e-4"], found);
        Assert.Empty((await harness.Client.ListInstanceIdsAsync(null, DateTimeOffset.UtcNow.AddHours(1))).Values);
    }

    [Fact]
    public async Task SendEvent_ReceiverUnknownOrEnded_IsDroppedAndTheSenderGoesOn()
    {
        var functions = new TestFunctions()
            .Orchestrator("Ends", _ => Task.FromResult<object?>(1))
            .Orchestrator("Sends", context =>
            {
                context.SendEvent("nobody", "Go", 1);
                context.SendEvent("ended", "Go", 1);
                return Task.FromResult<object?>("sent");
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        await harness.EndAsync(await harness.ScheduleAsync("Ends", null, "ended"));

        Assert.Equal("sent", (await harness.RunAsync("Sends")).ReadOutputAs<string>());
        await harness.CrashAndRestartAsync();

        Assert.Null(await harness.Client.GetInstanceAsync("nobody"));
        Assert.Equal(1, (await harness.EndAsync("ended")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task MaxConcurrentOrchestratorFunctions_ManyTurns_IsNeverExceeded()
    {
        var running = 0;
        var most = 0;
        var together = new CountdownEvent(2);
        var functions = new TestFunctions().Orchestrator("Computes", _ =>
        {
            var now = Interlocked.Increment(ref running);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
            if (!together.IsSet)
            {
                together.Signal();
                together.Wait(EngineHarness.Limit);
            }

            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
            return Task.FromResult<object?>(1);
        });
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { MaxConcurrentOrchestratorFunctions = 2 });

        var ids = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => harness.ScheduleAsync("Computes")));
        foreach (var id in ids) await harness.EndAsync(id);

        Assert.Equal(2, most);
        together.Dispose();
    }

    [Fact]
    public async Task Orchestrator_ReturnsOrThrowsFiveMebibytes_HarmsOnlyItself()
    {
        var large = new string('x', 5 * 1024 * 1024);
        var functions = new TestFunctions()
            .Orchestrator("Returns", _ => Task.FromResult<object?>(large))
            .Orchestrator("Throws", _ => throw new InvalidOperationException(large))
            .Orchestrator("Other", async context => await context.WaitForExternalEvent<string>("Go"));
        await using var harness = await EngineHarness.StartAsync(functions);
        var other = await harness.ScheduleAsync("Other");

        var returned = await harness.RunAsync("Returns");
        var thrown = await harness.RunAsync("Throws");
        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(other, "Go", "on");

        Assert.Equal(large.Length, (await harness.EndAsync(returned.InstanceId)).ReadOutputAs<string>()!.Length);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.EndAsync(thrown.InstanceId)).RuntimeStatus);
        Assert.Equal("on", (await harness.EndAsync(other)).ReadOutputAs<string>());
    }
}
