using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Storage of a hub in memory that outlives its owners: what was acknowledged stays, what was not is gone after a crash.</summary>
internal sealed class MemoryHub : ITestHub
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _records = [];
    private long _firstSequence = 1;
    private byte[]? _checkpoint;
    private long _checkpointSequence;
    private MemoryLog? _owner;

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public int RecordCount
    {
        get
        {
            lock (_lock) return _records.Count;
        }
    }

    public long AppendCount { get; private set; }

    /// <summary>Bytes of the largest record since it was last set to zero.</summary>
    public int LargestRecord { get; set; }

    /// <summary>Bytes of blobs that were read.</summary>
    public long BlobBytesRead { get; set; }

    /// <summary>Time that a commit takes.</summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.Zero;

    public IPayloadStore Payloads => new MemoryPayloads(this);

    /// <summary>A log for a new owner; the earlier one loses the hub at once, as if its process had been killed.</summary>
    public ICommitLog Open()
    {
        lock (_lock)
        {
            _owner?.Crash();
            return _owner = new MemoryLog(this);
        }
    }

    internal sealed class MemoryLog(MemoryHub hub) : ICommitLog
    {
#pragma warning disable CA2213 // A crashed owner is still looked at by those who worked for it.
        private readonly BlockingCollection<(byte[] Record, TaskCompletionSource<long> Committed)> _queue = [];
        private readonly CancellationTokenSource _lost = new();
#pragma warning restore CA2213
        private volatile bool _crashed;

        public long LastDurableSequence { get; private set; }

        public long BytesSinceCheckpoint { get; private set; }

        public CancellationToken OwnershipLost => _lost.Token;

        public Task<LogRecovery> OpenAsync(CancellationToken cancellationToken)
        {
            lock (hub._lock)
            {
                LastDurableSequence = hub._firstSequence + hub._records.Count - 1;
                var first = hub._firstSequence;
                var records = hub._records.Select((bytes, i) => new LogRecord(first + i, bytes)).ToList();
                new Thread(Commit) { IsBackground = true, Name = "memory log" }.Start();
                return Task.FromResult(new LogRecovery(
                    hub._checkpoint is null ? (ReadOnlyMemory<byte>?)null : hub._checkpoint, hub._checkpointSequence, records.ToAsyncEnumerable()));
            }
        }

        public Task<long> Append(ReadOnlyMemory<byte> record)
        {
            var committed = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_crashed) return Task.FromException<long>(new TaskHubLostException("crashed"));
            _queue.Add((record.ToArray(), committed));
            return committed.Task;
        }

        public async Task CheckpointAsync(long sequence, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
        {
            using var content = new MemoryStream();
            await write(content, cancellationToken);
            lock (hub._lock)
            {
                if (_crashed) throw new TaskHubLostException("crashed");
                hub._checkpoint = content.ToArray();
                hub._checkpointSequence = sequence;
                var drop = (int)(sequence - hub._firstSequence + 1);
                hub._records.RemoveRange(0, drop);
                hub._firstSequence = sequence + 1;
                BytesSinceCheckpoint = 0;
            }
        }

        public void Crash()
        {
            _crashed = true;
            _lost.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            _queue.CompleteAdding();
            return ValueTask.CompletedTask;
        }

        private void Commit()
        {
            foreach (var (record, committed) in _queue.GetConsumingEnumerable())
            {
                if (hub.CommitDelay > TimeSpan.Zero) Thread.Sleep(hub.CommitDelay);
                lock (hub._lock)
                {
                    if (_crashed)
                    {
                        committed.TrySetException(new TaskHubLostException("crashed"));
                        continue;
                    }

                    hub._records.Add(record);
                    hub.AppendCount++;
                    hub.LargestRecord = Math.Max(hub.LargestRecord, record.Length);
                    LastDurableSequence = hub._firstSequence + hub._records.Count - 1;
                    BytesSinceCheckpoint += record.Length;
                }

                committed.TrySetResult(LastDurableSequence);
            }
        }
    }

    // Completes elsewhere, on whatever context it was called from, as a store over the network does.
    private sealed class MemoryPayloads(MemoryHub hub) : IPayloadStore
    {
        public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            await Task.Yield();
            hub.Blobs[name] = content.ToArray();
        }

        public Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken) =>
            GetRangeAsync(name, 0, int.MaxValue, cancellationToken);

        public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (!hub.Blobs.TryGetValue(name, out var content)) return null;
            var read = content.AsMemory((int)offset, Math.Min(length, content.Length - (int)offset));
            hub.BlobBytesRead += read.Length;
            return read;
        }

        public async Task DeleteAsync(string name, CancellationToken cancellationToken)
        {
            await Task.Yield();
            hub.Blobs.TryRemove(name, out _);
        }

        public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (var name in hub.Blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))) yield return name;
        }
    }
}
