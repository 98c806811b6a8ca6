using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class SequenceTests
{
    [Fact]
    public async Task Orchestrator_FiveActivitiesInSequence_ReturnsTheirResultWithSixCommits()
    {
        var functions = Functions(5);
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(functions, hub: hub);

        var end = await harness.RunAsync("Count", 0);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(5, end.ReadOutputAs<int>());
        Assert.InRange(hub.AppendCount, 6, 8);
        Assert.Equal(5, functions.CallsOf("Increment"));
    }

    [Fact]
    public async Task Orchestrator_CrashBetweenSteps_GoesOnWhereItWas()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var functions = new TestFunctions()
            .Orchestrator("Steps", async context =>
            {
                var first = await context.CallActivityAsync<int>("First");
                var second = await context.CallActivityAsync<int>("Second", first);
                return second;
            })
            .Activity("First", _ => 20)
            .AsyncActivity("Second", async (_, input, _) =>
            {
                reached.TrySetResult();
                await gate.Task;
                return int.Parse(input!) + 22;
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Steps");
        await reached.Task.WaitAsync(EngineHarness.Limit);

        await harness.CrashAndRestartAsync();
        gate.SetResult();
        var end = await harness.EndAsync(id);

        Assert.Equal(42, end.ReadOutputAs<int>());
        Assert.Equal(1, functions.CallsOf("First"));
    }

    [Fact]
    public async Task Orchestrator_UnknownActivity_FailsWithItsName()
    {
        var functions = new TestFunctions().Orchestrator("Calls", async context => await context.CallActivityAsync<int>("Missing"));
        await using var harness = await EngineHarness.StartAsync(functions);

        var end = await harness.RunAsync("Calls");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("'Missing'", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_UnknownOrchestrator_IsRefused()
    {
        await using var harness = await EngineHarness.StartAsync(new TestFunctions());

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => harness.ScheduleAsync("Missing"));

        Assert.Contains("'Missing'", failure.Message, StringComparison.Ordinal);
    }

    private static TestFunctions Functions(int steps) => new TestFunctions()
        .Orchestrator("Count", async context =>
        {
            var value = context.GetInput<int>();
            for (var i = 0; i < steps; i++) value = await context.CallActivityAsync<int>("Increment", value);
            return value;
        })
        .Activity("Increment", input => int.Parse(input!) + 1);
}
