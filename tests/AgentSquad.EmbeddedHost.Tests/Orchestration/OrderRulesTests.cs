using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Orders that have nothing to act on, on real Azurite: each is refused, or changes nothing, also after a crash.</summary>
public sealed class OrderRulesTests
{
    [Fact]
    public async Task Orders_UnknownInstance_AreRefusedByName()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());
        var client = harness.Client;

        foreach (var order in (Func<Task>[])
                 [
                     () => client.SuspendInstanceAsync("nobody"),
                     () => client.ResumeInstanceAsync("nobody"),
                     () => client.TerminateInstanceAsync("nobody"),
                     () => client.RestartAsync("nobody"),
                     () => client.RaiseEventAsync("nobody", "Go"),
                     () => client.WaitForInstanceStartAsync("nobody"),
                 ])
        {
            Assert.Contains("'nobody'", (await Assert.ThrowsAsync<ArgumentException>(order)).Message, StringComparison.Ordinal);
        }

        Assert.Null(await client.GetInstanceAsync("nobody"));
    }

    [Fact]
    public async Task Orders_EndedInstance_ChangeNothing()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());
        await harness.EndAsync(await harness.ScheduleAsync("Ends", null, "over"));

        await harness.Client.SuspendInstanceAsync("over", "too late");
        await harness.Client.ResumeInstanceAsync("over", "too late");
        await harness.Client.TerminateInstanceAsync("over", "too late");
        await harness.CrashAndRestartAsync();

        var end = await harness.EndAsync("over");
        Assert.Equal((OrchestrationRuntimeStatus.Completed, "done"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task Resume_InstanceIsNotSuspended_ChangesNothing()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());
        var id = await harness.ScheduleAsync("Waits");
        await harness.Client.WaitForInstanceStartAsync(id).WaitAsync(EngineHarness.Limit);

        await harness.Client.ResumeInstanceAsync(id, "nothing to resume");
        await harness.Client.RaiseEventAsync(id, "Go", "on");

        Assert.Equal("on", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_BeforeTheScheduledStart_ItNeverRuns()
    {
        var functions = Functions();
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.Client.ScheduleNewOrchestrationInstanceAsync(
            "Acts", null, new StartOrchestrationOptions(StartAt: DateTimeOffset.UtcNow.AddHours(1)));

        await harness.Client.TerminateInstanceAsync(id, "changed my mind");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await harness.EndAsync(id)).RuntimeStatus);
        await harness.CrashAndRestartAsync();

        var end = await harness.EndAsync(id);
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "changed my mind"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
        Assert.Equal(0, functions.CallsOf("Act"));
        Assert.Equal(1, (await harness.Client.PurgeInstanceAsync(id)).PurgedInstanceCount);
    }

    [Fact]
    public async Task Query_ContinuationTokenOfSomeoneElse_IsRefused()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());

        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.ListInstanceIdsAsync(lastInstanceKey: "not one of ours!"));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await harness.Client.GetAllInstancesAsync(new OrchestrationQuery(ContinuationToken: "not one of ours!")).ToListAsync());
    }

    [Fact]
    public async Task Suspended_ResultsAndTimersArrive_NothingRunsAndTerminateStillEndsIt()
    {
        var reached = EngineHarness.NewSignal();
        var gate = EngineHarness.NewSignal();
        var functions = Functions()
            .Orchestrator("Steps", async context =>
            {
                await Task.WhenAll(context.CallActivityAsync("Gate"), context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None));
                return await context.CallActivityAsync<string>("Act");
            })
            .AsyncActivity("Gate", async (_, _, _) =>
            {
                reached.TrySetResult();
                await gate.Task;
                return null;
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        foreach (var id in (string[])["resumed", "terminated"]) await harness.ScheduleAsync("Steps", null, id);
        await EngineHarness.Signalled(reached);
        foreach (var id in (string[])["resumed", "terminated"])
        {
            await harness.Client.SuspendInstanceAsync(id, "pause");
            await harness.UntilAsync(id, state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        }

        gate.SetResult();
        await harness.RunAsync("Acts");
        await harness.CrashAndRestartAsync();
        Assert.Equal(1, functions.CallsOf("Act"));

        await harness.Client.TerminateInstanceAsync("terminated", "never mind");
        Assert.Equal("never mind", (await harness.EndAsync("terminated")).ReadOutputAs<string>());
        await harness.Client.ResumeInstanceAsync("resumed");
        Assert.Equal("acted", (await harness.EndAsync("resumed")).ReadOutputAs<string>());
        Assert.Equal(2, functions.CallsOf("Act"));
    }

    [Fact]
    public async Task Terminate_Recursive_ReachesEveryLevelAlsoWhatHasLeftMemory()
    {
        var functions = Functions()
            .Orchestrator("Top", async context =>
            {
                await Task.WhenAll(((string[])["a", "b"]).Select(id => context.CallSubOrchestratorAsync("Middle", id, new SubOrchestrationOptions(instanceId: id))));
                return null;
            })
            .Orchestrator("Middle", async context => await context.CallSubOrchestratorAsync<string>(
                "Waits", null, new SubOrchestrationOptions(instanceId: $"{context.GetInput<string>()}-leaf")));
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { PassivateAfter = TimeSpan.Zero });
        await harness.ScheduleAsync("Top", null, "top");
        await harness.ScheduleAsync("Waits", null, "stranger");
        foreach (var id in (string[])["a-leaf", "b-leaf", "stranger"]) await harness.UntilAsync(id, state => state.IsRunning);
        await harness.CrashAndRestartAsync();

        await harness.Client.TerminateInstanceAsync("top", new TerminateInstanceOptions("all of it", Recursive: true));

        foreach (var id in (string[])["top", "a", "b", "a-leaf", "b-leaf"])
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await harness.EndAsync(id)).RuntimeStatus);
        Assert.True((await harness.Client.GetInstanceAsync("stranger"))!.IsRunning);
    }

    [Fact]
    public async Task PurgeByFilter_CreationTimeAndStatus_TakesNothingElse()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());
        await harness.EndAsync(await harness.ScheduleAsync("Ends", null, "early"));
        var middle = DateTimeOffset.UtcNow;
        await harness.EndAsync(await harness.ScheduleAsync("Ends", null, "late"));
        await harness.ScheduleAsync("Waits", null, "runs");
        var client = harness.Client;

        Assert.Equal(0, (await client.PurgeInstancesAsync(middle.AddHours(1), null)).PurgedInstanceCount);
        Assert.Equal(0, (await client.PurgeInstancesAsync(middle, middle.AddHours(-1))).PurgedInstanceCount);
        Assert.Equal(0, (await client.PurgeInstancesAsync(null, null, [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Running])).PurgedInstanceCount);
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.PurgeAllInstancesAsync(null!));
        var purged = await client.PurgeInstancesAsync(null, middle);
        await harness.CrashAndRestartAsync();

        Assert.Equal((1, true), (purged.PurgedInstanceCount, purged.IsComplete));
        Assert.Equal(["late", "runs"], await harness.Client.GetAllInstancesAsync().Select(state => state.InstanceId).ToListAsync());
    }

    [Fact]
    public async Task Start_InThePast_RunsAtOnceWithItsTags()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());
        var options = new StartOrchestrationOptions("tagged", DateTimeOffset.UtcNow.AddDays(-1)) { Tags = new Dictionary<string, string> { ["team"] = "red" } };
        await harness.EndAsync(await harness.Client.ScheduleNewOrchestrationInstanceAsync("Ends", null, options));
        await harness.CrashAndRestartAsync();

        Assert.Equal("red", (await harness.EndAsync("tagged")).Tags["team"]);
        Assert.Empty((await harness.RunAsync("Ends")).Tags);
    }

    [Fact]
    public async Task Restart_InstanceStillRuns_IsRefusedUnderItsIdOnly()
    {
        await using var harness = await EngineHarness.StartAsync(Functions());
        await harness.ScheduleAsync("Waits", null, "runs");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => harness.Client.RestartAsync("runs"));
        var other = await harness.Client.RestartAsync("runs", restartWithNewInstanceId: true);

        foreach (var id in (string[])["runs", other])
        {
            await harness.Client.RaiseEventAsync(id, "Go", id);
            Assert.Equal(id, (await harness.EndAsync(id)).ReadOutputAs<string>());
        }
    }

    private static TestFunctions Functions() => new TestFunctions()
        .Orchestrator("Ends", _ => Task.FromResult<object?>("done"))
        .Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("Acts", async context => await context.CallActivityAsync<string>("Act"))
        .Activity("Act", _ => "acted");
}
