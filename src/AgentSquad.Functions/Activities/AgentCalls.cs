using System.Collections.Concurrent;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Azure;

namespace AgentSquad.Functions.Activities;

/// <summary>The agents at work in this process. A call ends when its run is stopped, wherever the stop was given.</summary>
internal sealed class AgentCalls(ArtifactStore artifacts, TimeProvider time)
{
    // Short enough for a person who waits, and nothing beside what a call of a model costs. Rules are done before the first look.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<CancellationTokenSource, string> _calls = new();

    /// <summary>Where a run's order is stored.</summary>
    public static string OrderKey(RunRef run) => run.Key($"orders/{run.Attempt}");

    /// <summary>Calls an agent.</summary>
    /// <exception cref="PermanentStepException">The run was stopped meanwhile.</exception>
    public async Task<T> RunAsync<T>(RunRef run, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _calls[stop] = Name(run);
        var watching = WatchAsync(run, () => TryCancel(stop), done.Token);
        try
        {
            // An agent that does not listen is left to itself: nobody waits for what it says.
            return await call(stop.Token).WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PermanentStepException("The run was stopped while the agent was at work.");
        }
        finally
        {
            _calls.TryRemove(stop, out _);
            await done.CancelAsync();
            await watching;
        }
    }

    /// <summary>Cancels the calls of a run in this process.</summary>
    public void Cancel(RunRef run)
    {
        foreach (var (stop, _) in _calls.Where(call => call.Value == Name(run))) TryCancel(stop);
    }

    private async Task WatchAsync(RunRef run, Action cancel, CancellationToken done)
    {
        try
        {
            using var turns = new PeriodicTimer(LookEvery, time);
            while (await turns.WaitForNextTickAsync(done))
            {
                if (await IsStoppedAsync(run, done)) cancel();
            }
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
    }

    private async Task<bool> IsStoppedAsync(RunRef run, CancellationToken cancellationToken)
    {
        try
        {
            return await artifacts.FindAsync<OrderCard>(run.InstanceId, OrderKey(run), cancellationToken) is { Order: RunOrder.Stop };
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            // Storage is away; the next look will tell.
            return false;
        }
    }

    private static void TryCancel(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call was faster.
        }
    }

    private static string Name(RunRef run) => $"{run.InstanceId}/{OrderKey(run)}";
}
