using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Inputs, results and failures that are larger than what one append takes.</summary>
public sealed class LargePayloadTests
{
    [Fact]
    public async Task Activity_ReturnsFiveMebibytes_ResultArrivesAndOthersGoOn()
    {
        const int size = 5 * 1024 * 1024;
        var functions = new TestFunctions()
            .Orchestrator("Large", async context =>
            {
                var text = await context.CallActivityAsync<string>("Big");
                return await context.CallActivityAsync<int>("Measure", text);
            })
            .Orchestrator("Small", async context => await context.CallActivityAsync<int>("Measure", "abc"))
            .Activity("Big", _ => new string('x', size))
            .Activity("Measure", input => input!.Length - 2);
        await using var harness = await EngineHarness.StartAsync(functions);

        var large = await harness.ScheduleAsync("Large");
        var small = await harness.RunAsync("Small");

        Assert.Equal(3, small.ReadOutputAs<int>());
        Assert.Equal(size, (await harness.EndAsync(large)).ReadOutputAs<int>());
        await harness.CrashAndRestartAsync();
        Assert.Equal(size, (await harness.EndAsync(large)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Replay_LargePayloadsOnlyInStorage_ReadsThemOnOneOrchestratorThread()
    {
        const int size = 1024 * 1024;
        var functions = new TestFunctions()
            .Orchestrator("Large", async context =>
            {
                var text = await context.CallActivityAsync<string>("Big", new string('i', size));
                context.SetCustomStatus("waits");
                await context.WaitForExternalEvent<string>("Go");
                return text + context.GetInput<string>();
            })
            .Activity("Big", _ => new string('x', size));
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { MaxConcurrentOrchestratorFunctions = 1 });
        var id = await harness.ScheduleAsync("Large", new string('i', size));
        await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "x");

        Assert.Equal(2 * size, (await harness.EndAsync(id)).ReadOutputAs<string>()!.Length);
    }

    [Fact]
    public async Task Activity_ThrowsFiveMebibytes_FailsOnlyItsInstance()
    {
        var functions = new TestFunctions()
            .Orchestrator("Fails", async context => await context.CallActivityAsync<string>("Shouts"))
            .Activity("Shouts", _ => throw new InvalidOperationException(new string('!', 5 * 1024 * 1024)));
        await using var harness = await EngineHarness.StartAsync(functions);

        var end = await harness.RunAsync("Fails");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.InRange(end.FailureDetails!.ErrorMessage.Length, 1, 100_000);
        Assert.Equal(TaskHubEngineState.Active, harness.Engine.State);
    }

    [Fact]
    public async Task FanOut_LargerThanOneAppend_IsCommittedAsAWhole()
    {
        const int count = 60;
        const int size = 100 * 1024;
        var functions = new TestFunctions()
            .Orchestrator("FanOut", async context =>
            {
                var lengths = await Task.WhenAll(Enumerable.Range(0, count)
                    .Select(_ => context.CallActivityAsync<int>("Measure", new string('x', size))));
                return lengths.Sum();
            })
            .Activity("Measure", input => input!.Length - 2);
        await using var harness = await EngineHarness.StartAsync(functions);

        var id = await harness.ScheduleAsync("FanOut");
        Assert.Equal(count * size, (await harness.EndAsync(id)).ReadOutputAs<int>());

        await harness.CrashAndRestartAsync();
        Assert.Equal(count * size, (await harness.EndAsync(id)).ReadOutputAs<int>());
    }
}
