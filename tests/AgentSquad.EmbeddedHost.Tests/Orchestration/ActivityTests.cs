using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class ActivityTests
{
    [Fact]
    public async Task WhenAll_FanOut_ReturnsResultsInOrder()
    {
        var functions = new TestFunctions()
            .Orchestrator("FanOut", async context =>
            {
                var squares = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => context.CallActivityAsync<int>("Square", i)));
                return squares;
            })
            .Activity("Square", input => int.Parse(input!) * int.Parse(input!));
        await using var harness = await EngineHarness.StartAsync(functions);

        var end = await harness.RunAsync("FanOut");

        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * i), end.ReadOutputAs<int[]>());
        Assert.Equal(50, functions.CallsOf("Square"));
    }

    [Fact]
    public async Task WhenAny_FirstResult_EndsWithoutTheOther()
    {
        var never = EngineHarness.NewSignal();
        var functions = new TestFunctions()
            .Orchestrator("Race", async context =>
            {
                var slow = context.CallActivityAsync<string>("Slow");
                var fast = context.CallActivityAsync<string>("Fast");
                var winner = await Task.WhenAny(slow, fast);
                return await winner;
            })
            .Activity("Fast", _ => "fast")
            .AsyncActivity("Slow", async (_, _, token) =>
            {
                await never.Task.WaitAsync(token);
                return "slow";
            });
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal("fast", (await harness.RunAsync("Race")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Activity_Throws_OrchestratorSeesTypeAndMessage()
    {
        TaskFailedException? seen = null;
        var functions = new TestFunctions()
            .Orchestrator("Catches", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fails");
                    return "no failure";
                }
                catch (TaskFailedException failure)
                {
                    seen = failure;
                    return failure.FailureDetails.IsCausedBy<InvalidOperationException>() ? "as expected" : failure.FailureDetails.ErrorType;
                }
            })
            .Activity("Fails", _ => throw new InvalidOperationException("outer", new FormatException("inner")));
        await using var harness = await EngineHarness.StartAsync(functions);

        var end = await harness.RunAsync("Catches");

        Assert.Equal("as expected", end.ReadOutputAs<string>());
        Assert.Equal("Task 'Fails' (#0) failed with an unhandled exception: outer", seen!.Message);
        Assert.Equal("inner", seen.FailureDetails.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task MaxConcurrentActivityFunctions_ManyCalls_IsNeverExceeded()
    {
        var running = 0;
        var most = 0;
        var functions = new TestFunctions()
            .Orchestrator("FanOut", async context =>
            {
                await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => context.CallActivityAsync("Work")));
                return null;
            })
            .AsyncActivity("Work", async (_, _, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Delay(5);
                Interlocked.Decrement(ref running);
                return null;
            });
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { MaxConcurrentActivityFunctions = 3 });

        await harness.RunAsync("FanOut");

        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task FunctionTimeout_ActivityBlocks_IsReportedReplacedAndItsLateResultDiscarded()
    {
        using var release = new ManualResetEventSlim();
        var functions = new TestFunctions()
            .Orchestrator("Blocks", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Blocker");
                }
                catch (TaskFailedException failure)
                {
                    return failure.FailureDetails.ErrorMessage;
                }
            })
            .Orchestrator("Other", async context => await context.CallActivityAsync<string>("Quick"))
            .Activity("Quick", _ => "quick")
            .Activity("Blocker", _ =>
            {
                release.Wait(EngineHarness.Limit);
                return "late";
            });
        var logs = new CollectedLogs();
        var options = new TaskHubEngineOptions { MaxConcurrentActivityFunctions = 1, FunctionTimeout = TimeSpan.FromMilliseconds(200) };
        await using var harness = await EngineHarness.StartAsync(functions, options, loggers: logs);

        var end = await harness.RunAsync("Blocks");
        var other = await harness.RunAsync("Other");
        release.Set();

        Assert.Contains("'Blocker'", end.ReadOutputAs<string>(), StringComparison.Ordinal);
        Assert.Equal("quick", other.ReadOutputAs<string>());
        Assert.Contains(logs.Lines, line => line.Contains("'Blocker'", StringComparison.Ordinal) && line.Contains("functionTimeout", StringComparison.Ordinal));
        await logs.Until(line => line.Contains("result is discarded", StringComparison.Ordinal));
        Assert.Contains("'Blocker'", (await harness.EndAsync(end.InstanceId)).ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
        }
    }
}
