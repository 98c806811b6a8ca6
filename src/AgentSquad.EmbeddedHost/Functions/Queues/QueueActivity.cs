using AgentSquad.EmbeddedHost.Functions.Hosting;

namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Carries the signal to every queue listener.</summary>
internal sealed class QueueActivity : IActivitySignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Completes at the next signal.</summary>
    public Task Next => _next.Task;

    public void Happened()
    {
        var now = _next;
        if (Interlocked.CompareExchange(ref _next, New(), now) == now) now.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
