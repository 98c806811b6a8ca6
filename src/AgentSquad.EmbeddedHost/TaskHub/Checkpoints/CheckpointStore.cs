using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using AgentSquad.EmbeddedHost.TaskHub.Log;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub.Checkpoints;

/// <summary>
/// Checkpoints as blobs <c>checkpoint/{sequence}-{epoch}</c>. The newest one counts: a blob appears whole or not at all, so its presence is the
/// pointer. With the epoch in its name, what a replaced owner still had under way can never take the place of its successor's.
/// </summary>
/// <remarks>
/// Bytes, little endian: magic (8), format version (4), segment (4), offset (8), epoch (4), reserved (4), sequence before that place (8),
/// sequence that the checkpoint stands for (8), zeros (12), CRC-32 of all before (4); the content; CRC-32 of the content (4), its length (8).
/// </remarks>
internal sealed class CheckpointStore(IBlobStorage storage)
{
    private const string Prefix = "checkpoint/";
    private const int Version = 1;
    private const int HeaderBytes = 64;
    private const int TrailerBytes = 12;

    private static ReadOnlySpan<byte> Magic => "ASQCKP\r\n"u8;

    /// <summary>Writes a checkpoint that stands for everything up to a sequence; the log is to be read on from <paramref name="start"/>.</summary>
    public Task WriteAsync(
        long sequence, uint epoch, LogPosition start, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        storage.PutAsync(
            Name(sequence, epoch),
            async (stream, token) =>
            {
                await stream.WriteAsync(Header(sequence, start), token);
                await using var content = new ChecksumStream(stream);
                await write(content, token);
                var trailer = new byte[TrailerBytes];
                BinaryPrimitives.WriteUInt32LittleEndian(trailer, content.Checksum);
                BinaryPrimitives.WriteInt64LittleEndian(trailer.AsSpan(4), content.Written);
                await stream.WriteAsync(trailer, token);
            },
            cancellationToken);

    /// <summary>Where the log goes on after the newest checkpoint, without its content; null when there is none.</summary>
    public async Task<LogPosition?> FindStartAsync(CancellationToken cancellationToken)
    {
        var name = await NewestAsync(cancellationToken);
        if (name is null) return null;
        var header = await storage.GetRangeAsync(name, 0, HeaderBytes, cancellationToken);
        return header is null ? null : ReadHeader(name, header).Start;
    }

    /// <summary>The newest checkpoint; null when there is none. Damage is reported, never skipped.</summary>
    public async Task<Checkpoint?> ReadNewestAsync(CancellationToken cancellationToken)
    {
        while (await NewestAsync(cancellationToken) is { } name)
        {
            // Gone between list and read: there is a newer one.
            var bytes = await storage.GetAsync(name, cancellationToken);
            if (bytes is null) continue;
            var (sequence, start) = ReadHeader(name, bytes);
            var length = bytes.LongLength - HeaderBytes - TrailerBytes;
            if (length < 0 || BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(bytes.Length - 8)) != length)
                throw Damage(name, bytes.LongLength, "it is cut off");
            var content = bytes.AsMemory(HeaderBytes, (int)length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - TrailerBytes)) != Crc32.HashToUInt32(content.Span))
                throw Damage(name, HeaderBytes, "its checksum does not match its content");
            return new Checkpoint(sequence, start, content);
        }

        return null;
    }

    /// <summary>Deletes the checkpoints that are older than one.</summary>
    public async Task DeleteOlderAsync(long sequence, uint epoch, CancellationToken cancellationToken)
    {
        var newest = Name(sequence, epoch);
        List<string> older = [];
        await foreach (var name in storage.ListAsync(Prefix, cancellationToken))
        {
            if (string.CompareOrdinal(name, newest) < 0) older.Add(name);
        }

        foreach (var name in older) await storage.DeleteAsync(name, cancellationToken);
    }

    private static string Name(long sequence, uint epoch) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence:D19}-{epoch:D10}");

    private static byte[] Header(long sequence, LogPosition start)
    {
        var header = new byte[HeaderBytes];
        var bytes = header.AsSpan();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], start.Segment);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], start.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], start.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], start.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[60..], Crc32.HashToUInt32(bytes[..60]));
        return header;
    }

    private static (long Sequence, LogPosition Start) ReadHeader(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic)) throw Damage(name, 0, "it does not begin with a checkpoint header");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version > Version)
        {
            throw new TaskHubCorruptException(
                $"'{name}' has checkpoint format {version}; this version of AgentSquad reads formats up to {Version}. " +
                "Run the version that wrote it, or a newer one.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Crc32.HashToUInt32(bytes[..60]))
            throw Damage(name, 0, "the checksum of its header does not match");
        var start = new LogPosition(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]));
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        return name.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence:D19}"), StringComparison.Ordinal)
            ? (sequence, start)
            : throw Damage(name, 0, $"it is the checkpoint of sequence {sequence}");
    }

    private static TaskHubCorruptException Damage(string name, long offset, string what) => new(
        $"The checkpoint '{name}' is damaged at offset {offset}: {what}. The hub stays closed; restore the container from a backup, or move to " +
        "a new hub name.");

    private async Task<string?> NewestAsync(CancellationToken cancellationToken)
    {
        string? newest = null;
        await foreach (var name in storage.ListAsync(Prefix, cancellationToken)) newest = name;
        return newest;
    }
}

/// <summary>A checkpoint as it was read.</summary>
/// <param name="Sequence">The last sequence that it stands for.</param>
/// <param name="Start">Where the log is to be read on; at or before the record that follows.</param>
/// <param name="Content">What the engine wrote.</param>
internal sealed record Checkpoint(long Sequence, LogPosition Start, ReadOnlyMemory<byte> Content);
