using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class SubOrchestrationTests
{
    [Fact]
    public async Task CallSubOrchestrator_Ends_ReturnsItsResultAndKnowsItsParent()
    {
        var functions = new TestFunctions()
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>("Child", 4))
            .Orchestrator("Child", async context =>
            {
                var doubled = await context.CallActivityAsync<int>("Double", context.GetInput<int>());
                return $"{context.Parent!.Name}/{context.Parent.InstanceId == context.InstanceId}/{doubled}";
            })
            .Activity("Double", input => 2 * int.Parse(input!));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal("Parent/False/8", (await harness.RunAsync("Parent")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CallSubOrchestrator_ActivityFails_DetailsAreNestedLevelByLevel()
    {
        var functions = new TestFunctions()
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>("Child"))
            .Orchestrator("Child", async context => await context.CallActivityAsync<string>("Fails"))
            .Activity("Fails", _ => throw new FormatException("deep"));
        await using var harness = await EngineHarness.StartAsync(functions);

        var failure = (await harness.RunAsync("Parent")).FailureDetails!;

        Assert.Equal("Task 'Child' (#0) failed with an unhandled exception: Task 'Fails' (#0) failed with an unhandled exception: deep", failure.ErrorMessage);
        Assert.Equal(typeof(TaskFailedException).FullName, failure.InnerFailure!.ErrorType);
        Assert.True(failure.InnerFailure.InnerFailure!.IsCausedBy<FormatException>());
    }

    [Fact]
    public async Task TaskFailedException_CaughtInAReplay_HasTheSameDetailsDownToTheLastCause()
    {
        var functions = new TestFunctions()
            .Orchestrator("Parent", async context =>
            {
                TaskFailedException? caught = null;
                try
                {
                    await context.CallSubOrchestratorAsync("Child");
                }
                catch (TaskFailedException failure)
                {
                    caught = failure;
                }

                context.SetCustomStatus("caught");
                await context.WaitForExternalEvent<string>("Go");
                var levels = new List<string> { $"{caught!.TaskName} {caught.TaskId}" };
                for (var details = caught.FailureDetails; details is not null; details = details.InnerFailure) levels.Add(details.ErrorType);
                return levels;
            })
            .Orchestrator("Child", async context => await context.CallActivityAsync<string>("Fails"))
            .Activity("Fails", _ => throw new InvalidOperationException("outer", new FormatException("middle", new Unheard("deep"))));
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Parent");
        await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "x");

        Assert.Equal(
            ["Child 0", typeof(TaskFailedException).FullName!, typeof(InvalidOperationException).FullName!, typeof(FormatException).FullName!, typeof(Unheard).ToString()],
            (await harness.EndAsync(id)).ReadOutputAs<string[]>()!);
    }

    [Fact]
    public async Task CallSubOrchestrator_IdRuns_FailsTheCallOnly()
    {
        var functions = new TestFunctions()
            .Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"))
            .Orchestrator("Parent", async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("Waits", new SubOrchestrationOptions(instanceId: "taken"));
                }
                catch (TaskFailedException failure)
                {
                    return failure.FailureDetails.ErrorMessage;
                }
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        await harness.ScheduleAsync("Waits", null, "taken");

        Assert.Contains("taken", (await harness.RunAsync("Parent")).ReadOutputAs<string>(), StringComparison.Ordinal);
        Assert.True((await harness.Client.GetInstanceAsync("taken"))!.IsRunning);
    }

    [Fact]
    public async Task CallSubOrchestrator_RetryPolicy_StartsItAgainUnderItsId()
    {
        var attempts = 0;
        var functions = new TestFunctions()
            .Orchestrator("Parent", async context =>
            {
                var options = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1))).WithInstanceId("child");
                return await context.CallSubOrchestratorAsync<int>("Child", options);
            })
            .Orchestrator("Child", async context => await context.CallActivityAsync<int>("Flaky"))
            .Activity("Flaky", _ => Interlocked.Increment(ref attempts) < 3 ? throw new InvalidOperationException("not yet") : attempts);
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal(3, (await harness.RunAsync("Parent")).ReadOutputAs<int>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await harness.EndAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task CallSubOrchestrator_Unknown_FailsWithItsName()
    {
        var functions = new TestFunctions().Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Missing"));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Contains("'Missing'", (await harness.RunAsync("Parent")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallSubOrchestrator_ManyAndACrash_EachEndsOnce()
    {
        var functions = new TestFunctions()
            .Orchestrator("Parent", async context =>
            {
                var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallSubOrchestratorAsync<int>("Child", i)));
                return results.Sum();
            })
            .Orchestrator("Child", async context =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(context.GetInput<int>()), CancellationToken.None);
                return context.GetInput<int>();
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Parent");

        await harness.CrashAndRestartAsync();

        Assert.Equal(190, (await harness.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task ContinueAsNew_KeepsUnprocessedEvents_AndBeginsAnEmptyHistory()
    {
        var functions = new TestFunctions()
            .Orchestrator("Counts", async context =>
            {
                var count = context.GetInput<int>();
                var value = await context.WaitForExternalEvent<int>("Add");
                if (count + value < 10)
                {
                    context.ContinueAsNew(count + value);
                    return null;
                }

                return count + value;
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Counts", 0);

        for (var i = 0; i < 10; i++)
        {
            await harness.Client.RaiseEventAsync(id, "Add", 1);
            if (i == 5) await harness.CrashAndRestartAsync();
        }

        Assert.Equal(10, (await harness.EndAsync(id)).ReadOutputAs<int>());
        Assert.InRange((await harness.Engine.GetHistoryAsync(id, CancellationToken.None))!.Count, 1, 12);
    }

    [Fact]
    public async Task ContinueAsNew_EventsNotPreserved_DropsThoseThatWereReceived()
    {
        var functions = new TestFunctions()
            .Orchestrator("Restarts", async context =>
            {
                if (context.GetInput<int>() == 1)
                {
                    context.SetCustomStatus("second");
                    return await context.WaitForExternalEvent<string>("Early", TimeSpan.FromMilliseconds(50)).ContinueWith(
                        task => task.IsCanceled ? "dropped" : "kept", TaskContinuationOptions.ExecuteSynchronously);
                }

                await context.WaitForExternalEvent<string>("Go");
                context.ContinueAsNew(1, preserveUnprocessedEvents: context.InstanceId == "keep");
                return null;
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        foreach (var id in (string[])["keep", "drop"])
        {
            await harness.ScheduleAsync("Restarts", 0, id);
            await harness.Client.RaiseEventAsync(id, "Early", "x");
            await harness.UntilAsync(id, state => state.IsRunning);
            await harness.Client.RaiseEventAsync(id, "Go", "x");
        }

        Assert.Equal("kept", (await harness.EndAsync("keep")).ReadOutputAs<string>());
        Assert.Equal("dropped", (await harness.EndAsync("drop")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_ManyGenerations_LeavesOthersTheirTurn()
    {
        var functions = new TestFunctions()
            .Orchestrator("Loops", context =>
            {
                if (context.GetInput<int>() < 200) context.ContinueAsNew(context.GetInput<int>() + 1);
                return Task.FromResult<object?>(context.GetInput<int>());
            })
            .Orchestrator("Other", _ => Task.FromResult<object?>("done"));
        await using var harness = await EngineHarness.StartAsync(functions);
        var loop = await harness.ScheduleAsync("Loops", 0);

        Assert.Equal("done", (await harness.RunAsync("Other")).ReadOutputAs<string>());
        Assert.Equal(200, (await harness.EndAsync(loop)).ReadOutputAs<int>());
    }

    private sealed class Unheard(string message) : Exception(message);
}
