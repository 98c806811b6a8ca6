using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Activities that fail are tried again as their caller says.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

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
    public async Task RetryPolicy_LongestInterval_CapsWhatGrows()
    {
        // Without the cap the second wait would be a quarter of an hour.
        var policy = new RetryPolicy(4, TimeSpan.FromMilliseconds(1), backoffCoefficient: 1_000_000, maxRetryInterval: TimeSpan.FromMilliseconds(2));
        var functions = Failing(TaskOptions.FromRetryPolicy(policy));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.RunAsync("Retries")).RuntimeStatus);
        Assert.Equal(4, functions.CallsOf("Fails"));
    }

    [Fact]
    public async Task RetryPolicy_TimeIsUp_StopsBeforeItsAttempts()
    {
        var policy = new RetryPolicy(100_000, TimeSpan.FromMilliseconds(20), retryTimeout: TimeSpan.FromMilliseconds(50));
        var functions = Failing(TaskOptions.FromRetryPolicy(policy));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.RunAsync("Retries")).RuntimeStatus);
        Assert.InRange(functions.CallsOf("Fails"), 1, 10);
    }

    [Fact]
    public async Task RetryHandler_AwaitsDurableTasks_AndOneThatThrowsFailsTheInstance()
    {
        AsyncRetryHandler waits = async retry =>
        {
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            if (retry.LastAttemptNumber == 3) throw new NotSupportedException($"gives up on {retry.LastFailure.ErrorMessage}");
            return true;
        };
        var functions = Failing(TaskOptions.FromRetryHandler(waits));
        await using var harness = await EngineHarness.StartAsync(functions);

        var failure = (await harness.RunAsync("Retries")).FailureDetails!;

        Assert.True(failure.IsCausedBy<NotSupportedException>());
        Assert.Equal("gives up on always", failure.ErrorMessage);
        Assert.Equal(3, functions.CallsOf("Fails"));
    }

    [Fact]
    public async Task RetryPolicy_FunctionThatIsNotThere_IsNotRetried()
    {
        var functions = new TestFunctions().Orchestrator("Retries", async context =>
            await context.CallActivityAsync<int>("Missing", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromDays(1)))));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Contains("'Missing'", (await harness.RunAsync("Retries")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    private static TestFunctions Failing(TaskOptions options) => new TestFunctions()
        .Orchestrator("Retries", async context =>
        {
            await context.CallActivityAsync("Fails", options);
            return null;
        })
        .Activity("Fails", _ => throw new InvalidOperationException("always"));
}
