using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A hub whose log tells when it is used, and waits for who is told.</summary>
internal sealed class HookedHub(ITestHub inner) : ITestHub
{
    /// <summary>Before each append, by the caller, who has the engine's gate.</summary>
    public Action? OnAppend { get; set; }

    /// <summary>Before each write of a checkpoint's content; with its number.</summary>
    public Func<int, Task>? OnCheckpointWrite { get; set; }

    public IPayloadStore Payloads => inner.Payloads;

    public ICommitLog Open() => new HookedLog(inner.Open(), this);

    private sealed class HookedLog(ICommitLog inner, HookedHub hub) : ICommitLog
    {
        public long LastDurableSequence => inner.LastDurableSequence;

        public long BytesSinceCheckpoint => inner.BytesSinceCheckpoint;

        public CancellationToken OwnershipLost => inner.OwnershipLost;

        public Task<LogRecovery> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

        public Task<long> Append(ReadOnlyMemory<byte> record)
        {
            hub.OnAppend?.Invoke();
            return inner.Append(record);
        }

        public Task CheckpointAsync(long sequence, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
            inner.CheckpointAsync(
                sequence,
                async (stream, token) =>
                {
                    await using var hooked = new HookedStream(stream, hub);
                    await write(hooked, token);
                },
                cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class HookedStream(Stream inner, HookedHub hub) : Stream
    {
        private int _writes;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (hub.OnCheckpointWrite is { } told) await told(++_writes);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
