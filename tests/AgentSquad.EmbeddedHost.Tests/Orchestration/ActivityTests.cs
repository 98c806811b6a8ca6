using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class ActivityTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

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
    public async Task RetryPolicy_FailsTwice_SucceedsWithGrowingWaits()
    {
        var attempts = 0;
        var times = new List<DateTime>();
        var functions = new TestFunctions()
            .Orchestrator("Retries", async context =>
            {
                var policy = new RetryPolicy(5, Short, backoffCoefficient: 2);
                return await context.CallActivityAsync<int>("Flaky", TaskOptions.FromRetryPolicy(policy));
            })
            .Activity("Flaky", _ =>
            {
                lock (times) times.Add(DateTime.UtcNow);
                return ++attempts < 3 ? throw new InvalidOperationException("not yet") : attempts;
            });
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal(3, (await harness.RunAsync("Retries")).ReadOutputAs<int>());
        Assert.True(times[1] - times[0] >= Short, "first wait");
        Assert.True(times[2] - times[1] >= 2 * Short, "second wait");
    }

    [Fact]
    public async Task RetryPolicy_AlwaysFails_StopsAfterItsAttempts()
    {
        var functions = new TestFunctions()
            .Orchestrator("Retries", async context =>
            {
                await context.CallActivityAsync("Fails", TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1))));
                return null;
            })
            .Activity("Fails", _ => throw new InvalidOperationException("always"));
        await using var harness = await EngineHarness.StartAsync(functions);

        var end = await harness.RunAsync("Retries");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(3, functions.CallsOf("Fails"));
        Assert.Equal(typeof(TaskFailedException).FullName, end.FailureDetails!.ErrorType);
        Assert.True(end.FailureDetails.InnerFailure!.IsCausedBy<InvalidOperationException>());
    }

    [Fact]
    public async Task RetryPolicy_FailureNotHandled_IsNotRetried()
    {
        var functions = new TestFunctions()
            .Orchestrator("Retries", async context =>
            {
                var policy = new RetryPolicy(3, TimeSpan.FromMilliseconds(1)) { HandleFailure = failure => !failure.IsCausedBy<FormatException>() };
                await context.CallActivityAsync("Fails", TaskOptions.FromRetryPolicy(policy));
                return null;
            })
            .Activity("Fails", _ => throw new FormatException("always"));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.RunAsync("Retries")).RuntimeStatus);
        Assert.Equal(1, functions.CallsOf("Fails"));
    }

    [Fact]
    public async Task RetryHandler_DecidesByAttempt_StopsWhenItSaysNo()
    {
        var attempts = new List<int>();
        var functions = new TestFunctions()
            .Orchestrator("Retries", async context =>
            {
                RetryHandler handler = retry =>
                {
                    if (!context.IsReplaying) lock (attempts) attempts.Add(retry.LastAttemptNumber);
                    return retry.LastAttemptNumber < 4;
                };
                try
                {
                    await context.CallActivityAsync("Fails", TaskOptions.FromRetryHandler(handler));
                }
                catch (TaskFailedException)
                {
                    return "gave up";
                }

                return "succeeded";
            })
            .Activity("Fails", _ => throw new InvalidOperationException("always"));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal("gave up", (await harness.RunAsync("Retries")).ReadOutputAs<string>());
        Assert.Equal([1, 2, 3, 4], attempts);
        Assert.Equal(4, functions.CallsOf("Fails"));
    }

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
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { MaxConcurrentOrchestratorFunctions = 1 }, new MemoryHub());
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
