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

    /// <summary>The history that a packed form is of.</summary>
    /// <exception cref="TaskHubCorruptException">It is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        var reader = new ByteReader(packed[1..]);
        var plain = new byte[reader.Count()];
        return BrotliDecoder.TryDecompress(reader.Bytes(), plain, out var length) && length == plain.Length
            ? plain
            : throw new TaskHubCorruptException("A packed history of the task hub is damaged in memory.");
    }
}
