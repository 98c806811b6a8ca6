using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>Engines in processes that are really killed, again and again, on one hub.</summary>
public sealed class EngineKillTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Kill_AtRandomMoments_EveryWorkflowEndsAsIfNothingHadHappened(int seed)
    {
        var storage = await SharedAzurite.ConnectionStringAsync();
        var hub = SharedAzurite.NewHubName();
        var random = new Random(seed);
        List<string> ended = [];
        for (var round = 0; round < 4; round++)
        {
            await using var child = ChildProcess.Start("engine", storage, hub, $"{seed}");
            await child.UntilAsync("open");
            await Task.Delay(random.Next(0, 150));
            child.Kill();
            ended.AddRange((await child.RestAsync()).Where(line => line.StartsWith("ack end", StringComparison.Ordinal)));
        }

        await using (var last = ChildProcess.Start("engine", storage, hub, $"{seed}"))
        {
            await last.UntilAsync("done");
            last.Kill();
            await last.RestAsync();
        }

        var (engine, stores) = EngineChild.Open(storage, hub);
        using var closing = stores;
        await using var stopping = engine;
        await engine.StartAsync(CancellationToken.None);
        var client = engine.CreateClient("judge");
        foreach (var (id, program) in EngineChild.Programs(seed))
        {
            var end = await client.GetInstanceAsync(id, getInputsAndOutputs: true);
            Assert.True(
                end is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } && end.ReadOutputAs<long>() == program.Expected(),
                $"seed {seed}, workflow {id}: {end}, expected {program.Expected()}; ended before the last round: {string.Join(", ", ended)}");
        }

        Assert.Equal(TaskHubEngineState.Active, engine.State);
    }
}
