using System.Buffers;
using System.IO.Compression;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>
/// The packed form of a stored history: a byte that no history begins with, the length of what is packed, and that, compressed (Brotli). What
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

    /// <summary>Whether a stored history is packed.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> stored) => stored is [Marker, ..];

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

    /// <summary>The history that a stored form is of.</summary>
    /// <exception cref="TaskHubCorruptException">It is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> stored)
    {
        var reader = new ByteReader(stored[1..]);
        var plain = new byte[reader.Count()];
        return BrotliDecoder.TryDecompress(reader.Bytes(), plain, out var length) && length == plain.Length
            ? plain
            : throw new TaskHubCorruptException("A packed history in the task hub is damaged.");
    }
}
