namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Timers and waits that an orchestrator cancels, on real Azurite and across crashes.</summary>
public sealed class CancellationTests
{
    [Fact]
    public async Task WaitForExternalEvent_TokenCancelled_LeavesTheEventToTheNextWaiter()
    {
        var functions = Functions().Orchestrator("Waits", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var abandoned = context.WaitForExternalEvent<string>("Go", cancellation.Token);
            await context.CallActivityAsync("Work");
            cancellation.Cancel();
            var outcome = await OutcomeAsync(abandoned);
            context.SetCustomStatus(outcome);
            return $"{outcome} {await context.WaitForExternalEvent<string>("Go")}";
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");
        await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "next");

        Assert.Equal("cancelled next", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task TimersAndWaits_TokenAlreadyCancelled_EndAtOnceAndTakeNothing()
    {
        var functions = Functions().Orchestrator("Waits", async context =>
        {
            await context.CallActivityAsync("Work");
            var cancelled = new CancellationToken(canceled: true);
            var wait = await OutcomeAsync(context.WaitForExternalEvent<string>("Go", cancelled));
            var timer = await OutcomeAsync(context.CreateTimer(TimeSpan.FromDays(1), cancelled));
            return $"{wait} {timer} {await context.WaitForExternalEvent<string>("Go")}";
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");
        await harness.Client.RaiseEventAsync(id, "Go", "taken");

        Assert.Equal("cancelled cancelled taken", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CreateTimer_CancelledThenACrash_DoesNotFireAndCancellingAFiredOneChangesNothing()
    {
        var functions = Functions().Orchestrator("Sleeps", async context =>
        {
            using var late = new CancellationTokenSource();
            var fires = context.CreateTimer(TimeSpan.FromMilliseconds(1), late.Token);
            await fires;
            late.Cancel();

            using var cancellation = new CancellationTokenSource();
            var dropped = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
            await context.CallActivityAsync("Work");
            cancellation.Cancel();
            context.SetCustomStatus("cancelled");
            await context.WaitForExternalEvent<string>("Go");
            return $"{await OutcomeAsync(fires)} {await OutcomeAsync(dropped)}";
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Sleeps");
        await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "x");

        Assert.Equal("done cancelled", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    private static TestFunctions Functions() => new TestFunctions().Activity("Work", _ => null);

    private static async Task<string> OutcomeAsync(Task task)
    {
        try
        {
            await task;
            return "done";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }
}
