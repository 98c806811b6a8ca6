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

        // Never replayed while it lives, one record for a step (two where the machine is so slow that a result is logged before its turn), and
        // records that stay small: the history of the whole run would be hundreds of times as much.
        const int Spread = 4;
        Assert.Equal(2, starts);
        Assert.Equal(Few + Many, functions.CallsOf("Step"));
        Assert.InRange(many.Records, Many + 1, 2 * (Many + 1));
        Assert.InRange(many.Largest, 1, Spread * few.Largest);

        async Task<(long Records, int Largest)> CostAsync(int steps)
        {
            hub.LargestRecord = 0;
            var before = hub.AppendCount;
            await harness.RunAsync("Steps", steps);
            return (hub.AppendCount - before, hub.LargestRecord);
        }
    }
}
