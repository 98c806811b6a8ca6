using System.Buffers;
using System.IO.Compression;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>
/// The packed form of a history, in memory only: a byte that no history begins with, the length of what is packed, and that, compressed (Brotli). What
/// agents and people say repeats itself, so a history of a few KiB becomes a fifth of it.
/// </summary>
internal static class PackedHistory
{
    // Kinds of events, which a history begins with, are numbers below this.
    private const byte Marker = 0xFF;

    // In smaller ones there is nothing to win.
    private const int Smallest = 512;

    // 50 microseconds for 8 KiB; the next better ones take twice that for a few bytes less.
    private const int Quality = 4;

    private const int Window = 16;

    // What is unpacked at once for a stream, however long the history.
    private const int LargestPiece = 64 * 1024;

    /// <summary>Whether a history is packed.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> held) => held is [Marker, ..];

    /// <summary>Packs a history; null when that would win nothing.</summary>
    public static byte[]? Pack(ReadOnlySpan<byte> plain)
    {
        if (plain.Length < Smallest || IsPacked(plain)) return null;
        var compressed = ArrayPool<byte>.Shared.Rent(plain.Length);
        try
        {
            if (!BrotliEncoder.TryCompress(plain, compressed, out var length, Quality, Window)) return null;
            var writer = new ByteWriter(length + 8);
            writer.Byte(Marker);
            writer.UInt((ulong)plain.Length);
            writer.Bytes(compressed.AsSpan(0, length));
            return writer.Length < plain.Length ? writer.ToArray() : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    /// <summary>Events one after the other, whichever form they are in.</summary>
    public static ReadOnlyMemory<byte> Plain(ReadOnlyMemory<byte> held) => IsPacked(held.Span) ? Unpack(held.Span) : held;

    /// <summary>How many bytes the events are, whichever form they are in.</summary>
    public static int PlainLength(ReadOnlySpan<byte> held) => IsPacked(held) ? new ByteReader(held[1..]).Count() : held.Length;

    /// <summary>The history that a packed form is of.</summary>
    /// <exception cref="TaskHubCorruptException">It is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        var reader = new ByteReader(packed[1..]);
        var plain = new byte[reader.Count()];
        return BrotliDecoder.TryDecompress(reader.Bytes(), plain, out var length) && length == plain.Length ? plain : throw Damaged();
    }

    /// <summary>Writes events one after the other, whichever form they are in, and holds no more than a piece of them meanwhile.</summary>
    /// <exception cref="TaskHubCorruptException">They are packed and damaged.</exception>
    public static async Task WritePlainAsync(ReadOnlyMemory<byte> held, Stream stream, CancellationToken cancellationToken)
    {
        if (!IsPacked(held.Span))
        {
            await stream.WriteAsync(held, cancellationToken).ConfigureAwait(false);
            return;
        }

        var left = PlainLength(held.Span);
        var compressed = CompressedOf(held);
        var piece = ArrayPool<byte>.Shared.Rent(Math.Min(left, LargestPiece));
        var decoder = new BrotliDecoder();
        try
        {
            OperationStatus status;
            do
            {
                status = decoder.Decompress(compressed.Span, piece, out var read, out var written);
                compressed = compressed[read..];
                left -= written;
                if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData || left < 0) throw Damaged();
                await stream.WriteAsync(piece.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
            }
            while (status != OperationStatus.Done);

            if (left != 0) throw Damaged();
        }
        finally
        {
            decoder.Dispose();
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static ReadOnlyMemory<byte> CompressedOf(ReadOnlyMemory<byte> packed)
    {
        var reader = new ByteReader(packed.Span[1..]);
        _ = reader.Count();
        return packed[^reader.Bytes().Length..];
    }

    private static TaskHubCorruptException Damaged() => new("A packed history of the task hub is damaged in memory.");
}
