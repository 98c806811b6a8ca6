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

    private static TestFunctions Functions() => new TestFunctions()
        .Orchestrator("Ends", _ => Task.FromResult<object?>("done"))
        .Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"))
        .Orchestrator("Acts", async context => await context.CallActivityAsync<string>("Act"))
        .Activity("Act", _ => "acted");
}
