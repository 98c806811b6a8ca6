using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A log whose owner can be declared dead: what it has not acknowledged by then never was.</summary>
internal sealed class CrashableLog : ICommitLog
{
    private readonly CommitLog _inner;
    private readonly OwnerIdentity _owner;
    private readonly TaskCompletionSource<long> _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable CA2213 // A crashed owner is still looked at by those who worked for it.
    private readonly CancellationTokenSource _lost;
#pragma warning restore CA2213

    public CrashableLog(CommitLog inner, OwnerIdentity owner)
    {
        _inner = inner;
        _owner = owner;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(inner.OwnershipLost);

        // Nobody may be waiting for it.
        _ = _crashed.Task.ContinueWith(task => task.Exception, TaskScheduler.Default);
    }

    public long LastDurableSequence => _inner.LastDurableSequence;

    public long BytesSinceCheckpoint => _inner.BytesSinceCheckpoint;

    public CancellationToken OwnershipLost => _lost.Token;

    public Task<LogRecovery> OpenAsync(CancellationToken cancellationToken) => _inner.OpenAsync(cancellationToken);

    public Task<long> Append(ReadOnlyMemory<byte> record) =>
        _crashed.Task.IsCompleted ? _crashed.Task : Task.WhenAny(_inner.Append(record), _crashed.Task).Unwrap();

    public Task CheckpointAsync(long sequence, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        _crashed.Task.IsCompleted ? _crashed.Task : _inner.CheckpointAsync(sequence, write, cancellationToken);

    public void Crash()
    {
        _crashed.TrySetException(new TaskHubLostException("crashed"));
        _owner.Gone();
        _lost.Cancel();

        // The real thing ends with its process; here it has to be told, or it would fight for its lease.
        _ = _inner.DisposeAsync().AsTask();
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
