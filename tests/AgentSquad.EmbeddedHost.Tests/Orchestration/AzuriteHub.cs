using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A hub of one test's own on the real Azurite.</summary>
internal sealed class AzuriteHub : ITestHub
{
    private readonly StorageAccount _account;
    private readonly string _name = SharedAzurite.NewHubName();
    private CrashableLog? _current;

    private AzuriteHub(StorageAccount account)
    {
        _account = account;
        Payloads = new TaskHubStores(account, _name, null, NullLoggerFactory.Instance).Payloads;
    }

    public IPayloadStore Payloads { get; }

    public static async Task<AzuriteHub> CreateAsync() => new(StorageAccount.FromConnectionString(await SharedAzurite.ConnectionStringAsync()));

    public ICommitLog Open()
    {
        _current?.Crash();
        var options = new CommitLogOptions { StandbyPoll = TimeSpan.FromMilliseconds(50), Owner = OwnerIdentity.Current() };
        var stores = new TaskHubStores(_account, _name, options, NullLoggerFactory.Instance);
        return _current = new CrashableLog(stores.Log, options.Owner);
    }

    /// <summary>A log whose owner can be declared dead: what it has not acknowledged by then never was.</summary>
    private sealed class CrashableLog(CommitLog inner, OwnerIdentity owner) : ICommitLog
    {
        private readonly TaskCompletionSource<long> _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long LastDurableSequence => inner.LastDurableSequence;

        public long BytesSinceCheckpoint => inner.BytesSinceCheckpoint;

        public CancellationToken OwnershipLost => inner.OwnershipLost;

        public Task<LogRecovery> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public Task<long> Append(ReadOnlyMemory<byte> record) =>
            _crashed.Task.IsCompleted ? _crashed.Task : Task.WhenAny(inner.Append(record), _crashed.Task).Unwrap();

        public Task CheckpointAsync(long sequence, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
            _crashed.Task.IsCompleted ? _crashed.Task : inner.CheckpointAsync(sequence, write, cancellationToken);

        public void Crash()
        {
            _crashed.TrySetException(new TaskHubLostException("crashed"));
            owner.Gone();

            // The real thing ends with its process; here it has to be told, or it would fight for its lease.
            _ = inner.DisposeAsync().AsTask();
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
