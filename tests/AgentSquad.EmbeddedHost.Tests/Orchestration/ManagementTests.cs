using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class ManagementTests
{
    [Fact]
    public async Task Schedule_IdRuns_IsRefusedAndTheRunIsUntouched()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting());
        await harness.ScheduleAsync("Waits", "first", "one");

        var failure = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => harness.ScheduleAsync("Waits", "second", "one"));

        Assert.Contains("one", failure.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await harness.Client.GetInstanceAsync("one", true))!.ReadInputAs<string>());
    }

    [Fact]
    public async Task Schedule_TenAtOnceWithOneId_StartsOne()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting());

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                await harness.ScheduleAsync("Waits", i, "one");
                return 1;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, results.Sum());
    }

    [Fact]
    public async Task Schedule_IdHasEnded_IsReplacedByTheNewRun()
    {
        await using var harness = await EngineHarness.StartAsync(new TestFunctions().Orchestrator("Echo", c => Task.FromResult<object?>(c.GetInput<string>())));
        await harness.EndAsync(await harness.ScheduleAsync("Echo", "first", "one"));

        await harness.EndAsync(await harness.ScheduleAsync("Echo", "second", "one"));
        await harness.CrashAndRestartAsync();

        Assert.Equal("second", (await harness.EndAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Schedule_EndedStatusIsDeduped_IsRefused()
    {
        await using var harness = await EngineHarness.StartAsync(new TestFunctions().Orchestrator("Echo", c => Task.FromResult<object?>(1)));
        await harness.EndAsync(await harness.ScheduleAsync("Echo", null, "one"));
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => harness.Client.ScheduleNewOrchestrationInstanceAsync("Echo", null, options));
    }

    [Fact]
    public async Task OverrideRunningInstances_IdRuns_TheOldRunEndsAndTheNewOneStarts()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting(), new TaskHubEngineOptions { OverrideRunningInstances = true });
        await harness.ScheduleAsync("Waits", "first", "one");
        await harness.UntilAsync("one", state => state.IsRunning);

        await harness.ScheduleAsync("Waits", "second", "one");
        await harness.Client.RaiseEventAsync("one", "Go", "go");

        var end = await harness.EndAsync("one");
        Assert.Equal(("second", "go"), (end.ReadInputAs<string>(), end.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task Suspend_EventsArrive_WaitForResumeAlsoAcrossARestart()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting());
        var id = await harness.ScheduleAsync("Waits");
        await harness.Client.WaitForInstanceStartAsync(id);

        await harness.Client.SuspendInstanceAsync(id, "pause");
        await harness.UntilAsync(id, state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await harness.Client.RaiseEventAsync(id, "Go", "while suspended");
        await harness.CrashAndRestartAsync();
        var suspended = await harness.Client.GetInstanceAsync(id);
        await harness.Client.ResumeInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended!.RuntimeStatus);
        Assert.Equal("while suspended", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_RunningInstance_EndsWithTheReason()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting());
        var id = await harness.ScheduleAsync("Waits");

        await harness.Client.TerminateInstanceAsync(id, "enough");
        var end = await harness.EndAsync(id);
        await harness.Client.TerminateInstanceAsync(id, "again");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
        Assert.Equal("enough", (await harness.EndAsync(id)).ReadOutputAs<string>());
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.TerminateInstanceAsync("nobody"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Terminate_WithChildren_TakesThemAlongOnlyWhenRecursive(bool recursive)
    {
        var functions = Waiting().Orchestrator("Parent", async context =>
        {
            await context.CallSubOrchestratorAsync("Waits", new SubOrchestrationOptions(instanceId: "child"));
            return null;
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Parent");
        await harness.UntilAsync("child", state => state.IsRunning);

        await harness.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Recursive: recursive));
        await harness.EndAsync(id);

        if (recursive) Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await harness.EndAsync("child")).RuntimeStatus);
        else Assert.Equal(OrchestrationRuntimeStatus.Running, (await harness.Client.GetInstanceAsync("child"))!.RuntimeStatus);
    }

    [Fact]
    public async Task GetAllInstances_FiltersAndPages_ReturnEachOnce()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting().Orchestrator("Echo", c => Task.FromResult<object?>(c.GetInput<int>())));
        for (var i = 0; i < 7; i++) await harness.ScheduleAsync("Echo", i, $"a-{i}");
        for (var i = 0; i < 7; i++) await harness.EndAsync($"a-{i}");
        var middle = DateTimeOffset.UtcNow;
        await harness.ScheduleAsync("Waits", null, "b-1");
        await harness.UntilAsync("b-1", state => state.IsRunning);

        Assert.Equal(8, await harness.Client.GetAllInstancesAsync().CountAsync());
        Assert.Equal(7, await harness.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "a-")).CountAsync());
        Assert.Equal(["b-1"], await Ids(harness, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["b-1"], await Ids(harness, new OrchestrationQuery(CreatedFrom: middle)));
        Assert.Equal(7, (await Ids(harness, new OrchestrationQuery(CreatedTo: middle))).Count);
        Assert.Equal(8, (await Ids(harness, new OrchestrationQuery(TaskHubNames: ["other", "TEST"]))).Count);
        Assert.Empty(await Ids(harness, new OrchestrationQuery(TaskHubNames: ["other"])));

        var pages = await harness.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).AsPages(pageSizeHint: 3).ToListAsync();
        Assert.Equal([3, 3, 2], pages.Select(page => page.Values.Count));
        Assert.Equal(8, pages.SelectMany(page => page.Values).Select(state => state.InstanceId).Distinct().Count());
        var rest = await harness.Client.GetAllInstancesAsync().AsPages(pages[0].ContinuationToken, 100).ToListAsync();
        Assert.Equal(5, rest.Single().Values.Count);
        Assert.Equal(3, pages[1].Values[0].ReadOutputAs<int>());
        await Assert.ThrowsAsync<ArgumentException>(async () => await harness.Client.GetAllInstancesAsync().AsPages("?").ToListAsync());
    }

    [Fact]
    public async Task Purge_ByIdAndByFilter_DeletesOnlyWhatHasEnded()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting().Orchestrator("Echo", c => Task.FromResult<object?>(c.GetInput<int>())));
        for (var i = 0; i < 4; i++) await harness.EndAsync(await harness.ScheduleAsync("Echo", i, $"a-{i}"));
        await harness.ScheduleAsync("Waits", null, "b");

        Assert.Equal(1, (await harness.Client.PurgeInstanceAsync("a-0")).PurgedInstanceCount);
        Assert.Equal(0, (await harness.Client.PurgeInstanceAsync("b")).PurgedInstanceCount);
        Assert.Equal(0, (await harness.Client.PurgeInstanceAsync("nobody")).PurgedInstanceCount);
        Assert.Equal(3, (await harness.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed]))).PurgedInstanceCount);
        await harness.CrashAndRestartAsync();

        Assert.Equal(["b"], await Ids(harness, new OrchestrationQuery()));
    }

    [Fact]
    public async Task Restart_EndedInstance_RunsAgainWithItsInput()
    {
        await using var harness = await EngineHarness.StartAsync(new TestFunctions().Orchestrator("Echo", c => Task.FromResult<object?>(c.GetInput<string>())));
        await harness.EndAsync(await harness.ScheduleAsync("Echo", "input", "one"));

        var same = await harness.Client.RestartAsync("one");
        var other = await harness.Client.RestartAsync("one", restartWithNewInstanceId: true);

        Assert.Equal("one", same);
        Assert.NotEqual("one", other);
        Assert.Equal("input", (await harness.EndAsync(other)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CustomStatus_SetTwice_ShowsTheNewestToThoseWhoAsk()
    {
        var functions = new TestFunctions().Orchestrator("Reports", async context =>
        {
            context.SetCustomStatus(new { Stage = "one" });
            await context.WaitForExternalEvent<string>("Go");
            context.SetCustomStatus(new { Stage = "two" });
            return null;
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Reports");
        var first = await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);

        await harness.Client.RaiseEventAsync(id, "Go");
        var end = await harness.EndAsync(id);

        Assert.Equal("""{"Stage":"one"}""", first.SerializedCustomStatus);
        Assert.Equal("""{"Stage":"two"}""", end.SerializedCustomStatus);
    }

    [Fact]
    public async Task WaitForInstanceCompletion_Cancelled_ThrowsAndLeavesNothing()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting());
        var id = await harness.ScheduleAsync("Waits");
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.Client.WaitForInstanceCompletionAsync(id, cancellation.Token));
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.WaitForInstanceCompletionAsync("nobody"));
    }

    [Fact]
    public async Task Client_EngineStopped_SaysThatTheHubIsUnavailable()
    {
        await using var harness = await EngineHarness.StartAsync(Waiting());
        await harness.Engine.StopAsync(CancellationToken.None);

        await Assert.ThrowsAsync<TaskHubUnavailableException>(() => harness.ScheduleAsync("Waits"));
    }

    private static TestFunctions Waiting() =>
        new TestFunctions().Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"));

    private static async Task<List<string>> Ids(EngineHarness harness, OrchestrationQuery query) =>
        await harness.Client.GetAllInstancesAsync(query).Select(state => state.InstanceId).ToListAsync();
}
