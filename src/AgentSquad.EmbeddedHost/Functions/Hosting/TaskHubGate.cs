namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>Lets what may run under the hub's owner only wait for that, and stop with it.</summary>
internal sealed class TaskHubGate : IDisposable
{
    private readonly TaskCompletionSource _active = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private volatile TaskHubState _state = TaskHubState.Standby;

    /// <summary>State now.</summary>
    public TaskHubState State => _state;

    /// <summary>Cancelled when the hub is lost or the host stops.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Completes when this process owns the hub; is cancelled when it never will.</summary>
    public Task WaitActiveAsync(CancellationToken cancellationToken) => _active.Task.WaitAsync(cancellationToken);

    /// <summary>Opens the gate.</summary>
    public void Open()
    {
        _state = TaskHubState.Active;
        _active.TrySetResult();
    }

    /// <summary>Shuts the gate for good.</summary>
    public void Shut()
    {
        _state = TaskHubState.Lost;
        _active.TrySetCanceled();
        _lost.Cancel();
    }

    public void Dispose() => _lost.Dispose();
}
