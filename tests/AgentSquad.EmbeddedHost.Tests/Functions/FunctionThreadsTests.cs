using AgentSquad.EmbeddedHost.Functions.Invocation;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

public sealed class FunctionThreadsTests
{
    [Fact]
    public async Task Run_Awaits_ComeBackToFunctionThreads()
    {
        using var threads = new FunctionThreads(4);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var elsewhere = new TaskCompletionSource();
        var run = threads.Run(async () =>
        {
            var before = Thread.CurrentThread.Name;
            waits.SetResult();
            await elsewhere.Task;
            var between = Thread.CurrentThread.Name;
            await Task.Yield();
            return new[] { before, between, Thread.CurrentThread.Name };
        });
        await waits.Task.WaitAsync(RunningApp.Patience);
        elsewhere.SetResult();
        Assert.All(await run.WaitAsync(RunningApp.Patience), name => Assert.Equal("AgentSquad function", name));
        Assert.NotEqual("AgentSquad function", Thread.CurrentThread.Name);
    }

    [Fact]
    public async Task Run_MoreThanTheLimitBlocks_TheRestWaitsAndThenRuns()
    {
        using var threads = new FunctionThreads(2);
        using var gate = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, 2).Select(_ => threads.Run(() =>
        {
            gate.Wait();
            return Task.FromResult(1);
        })).ToArray();
        var third = threads.Run(() => Task.FromResult(2));
        Assert.Equal(2, threads.Count);
        Assert.False(third.IsCompleted);
        gate.Set();
        Assert.Equal(2, await third.WaitAsync(RunningApp.Patience));
        await Task.WhenAll(blocked);
    }

    [Fact]
    public async Task Run_OneThreadBlocks_NothingElseWaitsForIt()
    {
        using var threads = new FunctionThreads(8);
        using var gate = new ManualResetEventSlim();
        // An idle thread exists, and the blocking work takes it.
        await threads.Run(() => Task.FromResult(0));
        var blocked = threads.Run(() =>
        {
            gate.Wait();
            return Task.FromResult(0);
        });
        for (var i = 0; i < 200; i++) Assert.Equal(i, await threads.Run(() => Task.FromResult(i)).WaitAsync(RunningApp.Patience));
        gate.Set();
        await blocked;
    }

    [Fact]
    public async Task Run_Fails_ThrowsWhatTheWorkThrew()
    {
        using var threads = new FunctionThreads(1);
        await Assert.ThrowsAsync<FormatException>(() => threads.Run<int>(() => throw new FormatException()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => threads.Run(() => Task.FromCanceled<int>(new CancellationToken(true))));
    }
}
