using AgentSquad.EmbeddedHost.Orchestration.Hub;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>The engine's gate, held for longer than it should be.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task Tick_GateIsHeld_TakesNoThreadOfThePool()
    {
        using var release = new ManualResetEventSlim();
        var held = EngineHarness.NewSignal();
        var heldThroughout = false;
        var functions = new TestFunctions().Orchestrator("Echo", context => Task.FromResult<object?>(context.GetInput<string>()));
        var hub = new HookedHub(new MemoryHub());
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { MaintainEvery = TimeSpan.FromHours(1) }, hub);
        hub.OnAppend = () =>
        {
            held.TrySetResult();
            heldThroughout = release.Wait(EngineHarness.Limit);
        };
        var started = harness.ScheduleAsync("Echo", "x");
        await EngineHarness.Signalled(held);

        // As often as the engine ticks, each time on a thread of the pool.
        using (var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            for (var i = 0; i < 100; i++) await pace.WaitForNextTickAsync();
        }

        hub.OnAppend = null;
        release.Set();
        Assert.Equal("x", (await harness.EndAsync(await started)).ReadOutputAs<string>());
        Assert.True(heldThroughout, "The pool did not run anything before the gate was given back.");
    }
}
