using System.Buffers.Binary;
using Azure.Storage.Blobs.Specialized;

namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>
/// Uploads what is written in blocks. The blob appears, whole, with <see cref="CommitAsync"/> and not before: the client library's own stream
/// would commit on dispose, also after a failure half way.
/// </summary>
internal sealed class BlockUploadStream(BlockBlobClient blob) : Stream
{
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly List<string> _blocks = [];
    private readonly byte[] _buffer = new byte[BlockBytes];
    private int _used;

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes everything written so far the blob's content.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_used > 0) await StageAsync(cancellationToken);
        await blob.CommitBlockListAsync(_blocks, cancellationToken: cancellationToken);
    }

    /// <inheritdoc />
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, BlockBytes - _used);
            buffer[..count].CopyTo(_buffer.AsMemory(_used));
            _used += count;
            buffer = buffer[count..];
            if (_used == BlockBytes) await StageAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var id = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(id, _blocks.Count);
        var name = Convert.ToBase64String(id);
        using var body = new ReadOnlyMemoryStream(_buffer.AsMemory(0, _used));
        await blob.StageBlockAsync(name, body, cancellationToken: cancellationToken);
        _blocks.Add(name);
        _used = 0;
    }
}
