namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>What a step costs does not depend on how many came before. Counts, not times.</summary>
public sealed class StepCostTests
{
    [Fact]
    public async Task Orchestration_OfAThousandSteps_CostsPerStepWhatOneOfTenCosts()
    {
        const int Few = 10;
        const int Many = 1000;
        var starts = 0;
        var functions = new TestFunctions()
            .Orchestrator("Steps", async context =>
            {
                Interlocked.Increment(ref starts);
                for (var i = 0; i < context.GetInput<int>(); i++) await context.CallActivityAsync<int>("Step", i);
                return null;
            })
            .Activity("Step", _ => 0);
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(functions, hub: hub);
        var few = await CostAsync(Few);
        var many = await CostAsync(Many);

        // Never replayed while it lives, one record for a step, and records that do not grow. (A slow machine may log a result on its own.)
        Assert.Equal(2, starts);
        Assert.Equal(Few + Many, functions.CallsOf("Step"));
        Assert.InRange(few.Records, Few + 1, 2 * Few);
        Assert.InRange(many.Records, Many + 1, Many * 11 / 10);
        Assert.InRange(many.Bytes / Many, 1, few.Bytes / Few + 10);

        async Task<(long Records, long Bytes)> CostAsync(int steps)
        {
            var before = (hub.AppendCount, hub.AppendBytes);
            await harness.RunAsync("Steps", steps);
            return (hub.AppendCount - before.AppendCount, hub.AppendBytes - before.AppendBytes);
        }
    }
}
