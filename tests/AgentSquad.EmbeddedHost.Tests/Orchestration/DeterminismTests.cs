using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class DeterminismTests
{
    public static TheoryData<string> NonDurableAwaits => ["Delay", "DelayWhileATimerIsPending", "ConfigureAwait", "TaskRun"];

    [Theory]
    [MemberData(nameof(NonDurableAwaits))]
    public async Task Orchestrator_AwaitsWhatIsNotDurable_FailsWithItsNameAndTheRemedy(string orchestrator)
    {
        // Work that is over before it is awaited needs no waiting, and nobody could tell; this one is surely not.
        using var ended = new SemaphoreSlim(0);
        var functions = new TestFunctions()
            .Orchestrator("Delay", async _ =>
            {
                await Task.Delay(250);
                return null;
            })
            .Orchestrator("DelayWhileATimerIsPending", async context =>
            {
                var timer = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                await Task.Delay(250);
                await timer;
                return null;
            })
            .Orchestrator("ConfigureAwait", async context =>
            {
                await context.CallActivityAsync("Work").ConfigureAwait(false);
                return await context.CallActivityAsync<string>("Work");
            })
            .Orchestrator("TaskRun", async context => await Task.Run(async () => await ended.WaitAsync(TimeSpan.FromMinutes(1)) ? 1 : 2) + await context.CallActivityAsync<int>("Work"))
            .Activity("Work", _ => 1);
        await using var harness = await EngineHarness.StartAsync(functions);

        var end = await harness.RunAsync(orchestrator);
        ended.Release();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains($"'{orchestrator}'", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("TaskOrchestrationContext", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other activity", "activity 'First' as task #0, but the code called activity 'Renamed'")]
    [InlineData("timer instead", "activity 'First' as task #0, but the code called a timer")]
    [InlineData("one less", "the code did not call")]
    [InlineData("one more", "the history does not have")]
    [InlineData("ended", "the code ended where the history goes on")]
    public async Task Orchestrator_CodeChangedUnderARun_FailsSayingWhatAndWhere(string change, string expected)
    {
        var functions = new TestFunctions().Activity("First", _ => 1).Activity("Renamed", _ => 1).Orchestrator("Changes", async context =>
        {
            await context.CallActivityAsync("First");
            context.SetCustomStatus("has the result");
            return await context.WaitForExternalEvent<string>("Go");
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Changes");
        await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);
        await harness.Client.SuspendInstanceAsync(id);
        await harness.UntilAsync(id, state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        functions.Orchestrator("Changes", async context =>
        {
            if (change == "other activity") await context.CallActivityAsync("Renamed");
            else if (change == "timer instead") await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            else if (change == "ended") return null;
            else if (change != "one less") await context.CallActivityAsync("First");
            if (change == "one more") await context.CallActivityAsync("First");
            return await context.WaitForExternalEvent<string>("Go");
        });
        await harness.CrashAndRestartAsync();
        await harness.Client.ResumeInstanceAsync(id);
        await harness.Client.RaiseEventAsync(id, "Go", "x");
        var end = await harness.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains(expected, end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'Changes'", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(id, end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaySafeLogger_AfterARestart_WritesEachLineOnce()
    {
        var functions = new TestFunctions()
            .Orchestrator("Logs", async context =>
            {
                var logger = context.CreateReplaySafeLogger("test");
                logger.LogInformation("begins");
                await context.WaitForExternalEvent<string>("Go");
                logger.LogInformation("ends");
                return null;
            });
        var logs = new CollectedLogs();
        await using var harness = await EngineHarness.StartAsync(functions, loggers: logs);
        var id = await harness.ScheduleAsync("Logs");
        await harness.UntilAsync(id, state => state.IsRunning);

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "x");
        await harness.EndAsync(id);

        Assert.Single(logs.Lines, "Information: begins");
        Assert.Single(logs.Lines, "Information: ends");
    }

    [Fact]
    public async Task ContinueWith_OnADurableTask_StaysOnTheOrchestratorsThread()
    {
        var functions = new TestFunctions()
            .Orchestrator("Continues", async context =>
            {
#pragma warning disable CA2008 // That no scheduler is named is the point.
                var next = context.CallActivityAsync<int>("Work").ContinueWith(task => context.CallActivityAsync<int>("Work", task.Result)).Unwrap();
#pragma warning restore CA2008
                return await next;
            })
            .Activity("Work", input => input is null ? 1 : int.Parse(input) + 1);
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal(2, (await harness.RunAsync("Continues")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task FunctionTimeout_OrchestratorBlocks_IsGivenUpByNameAndOthersGoOn()
    {
        using var release = new ManualResetEventSlim();
        var functions = new TestFunctions()
            .Orchestrator("Blocker", _ =>
            {
                release.Wait(EngineHarness.Limit);
                return Task.FromResult<object?>("late");
            })
            .Orchestrator("Other", _ => Task.FromResult<object?>("done"));
        var logs = new CollectedLogs();
        var options = new TaskHubEngineOptions { MaxConcurrentOrchestratorFunctions = 1, FunctionTimeout = TimeSpan.FromMilliseconds(200) };
        await using var harness = await EngineHarness.StartAsync(functions, options, loggers: logs);

        var blocked = await harness.RunAsync("Blocker");
        var other = await harness.RunAsync("Other");
        release.Set();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, blocked.RuntimeStatus);
        Assert.Contains("'Blocker'", blocked.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("done", other.ReadOutputAs<string>());
        await logs.Until(line => line.Contains("'Blocker'", StringComparison.Ordinal) && line.Contains("is discarded", StringComparison.Ordinal));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.EndAsync(blocked.InstanceId)).RuntimeStatus);
    }

    [Fact]
    public async Task Orchestrator_Throws_FailsAndIsLoggedOnceWithIdAndName()
    {
        var functions = new TestFunctions().Orchestrator("Throws", _ => throw new FormatException("bad"));
        var logs = new CollectedLogs();
        await using var harness = await EngineHarness.StartAsync(functions, loggers: logs);

        var end = await harness.RunAsync("Throws");

        Assert.True(end.FailureDetails!.IsCausedBy<FormatException>());
        await logs.Until(line => line.Contains(end.InstanceId, StringComparison.Ordinal));
        Assert.Single(logs.Lines, line => line.Contains("'Throws'", StringComparison.Ordinal) && line.Contains(end.InstanceId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_OrchestratorBlocks_StartsOfOthersAreStillAcknowledged()
    {
        using var release = new ManualResetEventSlim();
        var functions = new TestFunctions().Orchestrator("Blocker", _ =>
        {
            release.Wait(EngineHarness.Limit);
            return Task.FromResult<object?>(null);
        });
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { MaxConcurrentOrchestratorFunctions = 1 });

        var first = await harness.ScheduleAsync("Blocker");
        var second = await harness.ScheduleAsync("Blocker");
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await harness.Client.GetInstanceAsync(second))!.RuntimeStatus);
        release.Set();

        await harness.EndAsync(first);
        await harness.EndAsync(second);
    }
}
