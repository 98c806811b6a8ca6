using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Failed instances that are taken back to before their failure.</summary>
public sealed class RewindTests
{
    private volatile bool _isBroken = true;

    [Fact]
    public async Task Rewind_ActivityFailed_OnlyThatRunsAgain()
    {
        var functions = Functions().Orchestrator("Steps", async context =>
            $"{await context.CallActivityAsync<string>("Good", 1)} {await context.CallActivityAsync<string>("Breakable", 2)} {await context.CallActivityAsync<string>("Good", 3)}");
        await using var harness = await EngineHarness.StartAsync(functions);
        var failed = await harness.RunAsync("Steps");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);

        await RewindAsync(harness, failed.InstanceId);

        var end = await harness.EndAsync(failed.InstanceId);
        Assert.Equal("1 2 3", end.ReadOutputAs<string>());
        Assert.Null(end.FailureDetails);
        Assert.Equal((2, 2), (functions.CallsOf("Good"), functions.CallsOf("Breakable")));
    }

    [Fact]
    public async Task Rewind_FailuresInAFanOut_AllRunAgainAndTheOthersDoNot()
    {
        var functions = Functions().Orchestrator("FanOut", async context => string.Concat(await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<string>(i % 5 == 0 ? "Breakable" : "Good", i)))));
        await using var harness = await EngineHarness.StartAsync(functions);
        var failed = await harness.RunAsync("FanOut");

        await RewindAsync(harness, failed.InstanceId);

        Assert.Equal("012345678910111213141516171819", (await harness.EndAsync(failed.InstanceId)).ReadOutputAs<string>());
        Assert.Equal((16, 8), (functions.CallsOf("Good"), functions.CallsOf("Breakable")));
    }

    [Fact]
    public async Task Rewind_FailureThatTheCodeHandled_StaysHandled()
    {
        var functions = Functions().Orchestrator("Handles", async context =>
        {
            try
            {
                await context.CallActivityAsync<string>("Explode", 0);
            }
            catch (TaskFailedException)
            {
                await context.CallActivityAsync<string>("Good", 0);
            }

            return await context.CallActivityAsync<string>("Breakable", 7);
        }).Activity("Explode", _ => throw new InvalidOperationException("always"));
        await using var harness = await EngineHarness.StartAsync(functions);
        var failed = await harness.RunAsync("Handles");

        await RewindAsync(harness, failed.InstanceId);

        Assert.Equal("7", (await harness.EndAsync(failed.InstanceId)).ReadOutputAs<string>());
        Assert.Equal((1, 1, 2), (functions.CallsOf("Explode"), functions.CallsOf("Good"), functions.CallsOf("Breakable")));
    }

    [Fact]
    public async Task Rewind_SubOrchestrationFailed_IsRewoundWithItsParentAlsoFromTheArchiveAndAcrossACrash()
    {
        var gate = EngineHarness.NewSignal();
        var reached = EngineHarness.NewSignal();
        var functions = Functions()
            .Orchestrator("Parent", async context => $"<{await context.CallSubOrchestratorAsync<string>("Child", 5)}>")
            .Orchestrator("Child", async context =>
            {
                var first = await context.CallActivityAsync<string>("Good", context.GetInput<int>());
                return first + await context.CallActivityAsync<string>("Gated", 6);
            })
            .AsyncActivity("Gated", async (_, input, _) =>
            {
                if (_isBroken) throw new InvalidOperationException("broken");
                reached.TrySetResult();
                await gate.Task;
                return input;
            });
        var options = new TaskHubEngineOptions { ArchiveAfter = TimeSpan.Zero, MaintainEvery = TimeSpan.FromMilliseconds(20) };
        await using var harness = await EngineHarness.StartAsync(functions, options);
        var failed = await harness.RunAsync("Parent");
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (!harness.Engine.IsArchived(failed.InstanceId)) await Task.Delay(5, limit.Token);

        await RewindAsync(harness, failed.InstanceId);
        await EngineHarness.Signalled(reached);
        await harness.CrashAndRestartAsync();
        gate.SetResult();

        Assert.Equal("<56>", (await harness.EndAsync(failed.InstanceId)).ReadOutputAs<string>());
        Assert.Equal(1, functions.CallsOf("Good"));
    }

    [Fact]
    public async Task Rewind_TheOrchestratorItselfThrew_ItsLastTurnRunsAgain()
    {
        var functions = Functions().Orchestrator("Throws", async context =>
        {
            var first = await context.CallActivityAsync<string>("Good", 1);
            var news = await context.WaitForExternalEvent<string>("News");
            return _isBroken ? throw new InvalidOperationException("a bug, mended later") : $"{first} {news}";
        }).Orchestrator("ThrowsAtOnce", context => _isBroken ? throw new InvalidOperationException("a bug") : Task.FromResult<object?>(context.GetInput<string>()));
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Throws");
        await harness.Client.RaiseEventAsync(id, "News", "good");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.EndAsync(id)).RuntimeStatus);
        var other = (await harness.RunAsync("ThrowsAtOnce", "input")).InstanceId;

        await RewindAsync(harness, id);
        await harness.Client.RewindInstanceAsync(other, "mended");

        Assert.Equal("1 good", (await harness.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal("input", (await harness.EndAsync(other)).ReadOutputAs<string>());
        Assert.Equal(1, functions.CallsOf("Good"));
    }

    [Fact]
    public async Task Rewind_StillBroken_FailsAgainAndCanBeRewoundAgain()
    {
        var functions = Functions().Orchestrator("Steps", async context => await context.CallActivityAsync<string>("Breakable", 2));
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = (await harness.RunAsync("Steps")).InstanceId;

        await harness.Client.RewindInstanceAsync(id, "hope");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.EndAsync(id)).RuntimeStatus);
        await RewindAsync(harness, id);

        Assert.Equal("2", (await harness.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal(3, functions.CallsOf("Breakable"));
    }

    [Fact]
    public async Task Rewind_NotFailedOrUnknown_IsRefused()
    {
        await using var harness = await EngineHarness.StartAsync(Functions().Orchestrator("Waits", async c => await c.WaitForExternalEvent<string>("Go")));
        var id = await harness.ScheduleAsync("Waits");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Client.RewindInstanceAsync(id, "why not"));

        Assert.Contains(id, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.RewindInstanceAsync("nobody", "why not"));
    }

    private async Task RewindAsync(EngineHarness harness, string id)
    {
        _isBroken = false;
        await harness.Client.RewindInstanceAsync(id, "mended").WaitAsync(EngineHarness.Limit);
    }

    private TestFunctions Functions() => new TestFunctions()
        .Activity("Good", input => input)
        .Activity("Breakable", input => _isBroken ? throw new InvalidOperationException("broken") : input);
}
