using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Activities;

[Collection(StorageTests.Name)]
public sealed class AgentCallsTests(StorageFixture storage)
{
    private static readonly RunRef Run = new("jira-12345678-10", "0123456789abcdef", "10");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Run_AgentAnswers_ReturnsTheAnswer() =>
        Assert.Equal("done", await Calls(out _).RunAsync(Run, _ => Task.FromResult("done"), default));

    [Fact]
    public async Task GiveOrder_StopInTheSameProcess_CancelsTheCallAtOnce()
    {
        var calls = Calls(out var artifacts);
        var call = calls.RunAsync(Run, Forever, default);

        await new OrderActivities(artifacts, calls).GiveOrder(new OrderInput(Run, RunOrder.Stop), TestRequest.Context());

        var stopped = await Assert.ThrowsAsync<PermanentStepException>(() => call.WaitAsync(Patience));
        Assert.Contains("stopped", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GiveOrder_StopInAnotherProcess_IsSeenWithinMoments()
    {
        var call = Calls(out var artifacts).RunAsync(Run, Forever, default);

        await new OrderActivities(artifacts, new AgentCalls(artifacts, TimeProvider.System)).GiveOrder(new OrderInput(Run, RunOrder.Stop), TestRequest.Context());

        await Assert.ThrowsAsync<PermanentStepException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public async Task GiveOrder_StopOfAnotherAttempt_LeavesTheCallAlone()
    {
        var calls = Calls(out var artifacts);
        var orders = new OrderActivities(artifacts, calls);
        var answer = new TaskCompletionSource<string>();
        var call = calls.RunAsync(Run with { Attempt = 2 }, _ => answer.Task, default);

        await orders.GiveOrder(new OrderInput(Run, RunOrder.Stop), TestRequest.Context());
        answer.SetResult("done");

        Assert.Equal("done", await call.WaitAsync(Patience));
        Assert.Equal(RunOrder.GoOn, (await orders.ReadOrder(Run with { Attempt = 2 }, TestRequest.Context())).Order);
        Assert.Equal(RunOrder.Stop, (await orders.ReadOrder(Run, TestRequest.Context())).Order);
    }

    private AgentCalls Calls(out ArtifactStore artifacts)
    {
        artifacts = new ArtifactStore(storage.NewAccount());
        return new AgentCalls(artifacts, TimeProvider.System);
    }

    // It does not even listen.
    private static Task<string> Forever(CancellationToken cancellationToken) => new TaskCompletionSource<string>().Task;
}
