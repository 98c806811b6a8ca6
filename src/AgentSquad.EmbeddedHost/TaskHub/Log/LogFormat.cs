using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>What a record in a segment is.</summary>
internal enum RecordKind : byte
{
    /// <summary>One record of the engine; takes a sequence number.</summary>
    Data = 1,

    /// <summary>A new owner begins; the frame carries its epoch. Nothing of an older epoch may follow.</summary>
    EpochStart = 2,

    /// <summary>The log goes on in the segment whose number is the payload. Nothing may follow.</summary>
    Link = 3,

    /// <summary>The owner proves that it still is one; the payload says what for. No meaning for a reader.</summary>
    Fence = 4,
}

/// <summary>
/// Bytes of a segment, little endian. It begins with a header of 64 bytes: magic (8), format version (4), segment number (4), epoch (4),
/// reserved (4), last sequence before it (8), zeros (28), CRC-32 of all before (4). Then records, each a frame of 24 bytes and a payload:
/// payload length (4), CRC-32 of all that follows it (4), kind (1), zeros (3), epoch (4), sequence (8). A record that is not
/// <see cref="RecordKind.Data"/> takes no sequence number; it carries the last one before it.
/// </summary>
internal static class LogFormat
{
    /// <summary>The version that this build writes, and the newest it reads.</summary>
    public const int Version = 1;

    /// <summary>Bytes of a segment's header.</summary>
    public const int HeaderBytes = 64;

    /// <summary>Bytes of a record's frame.</summary>
    public const int FrameBytes = 24;

    /// <summary>Bytes of a link with its frame.</summary>
    public const int LinkBytes = FrameBytes + sizeof(int);

    private const string SegmentPrefix = "log/";

    private static ReadOnlySpan<byte> Magic => "ASQLOG\r\n"u8;

    /// <summary>Where segments are.</summary>
    public static string Prefix => SegmentPrefix;

    /// <summary>Name of a segment's blob.</summary>
    public static string SegmentName(int number) => $"{SegmentPrefix}{number:D8}";

    /// <summary>Number of the segment that a blob is.</summary>
    public static int SegmentNumber(string name) =>
        int.TryParse(name.AsSpan(SegmentPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new TaskHubCorruptException($"'{name}' is not a segment of the log; only the log may keep blobs under '{SegmentPrefix}'.");

    /// <summary>Writes a segment's header.</summary>
    public static void WriteHeader(Span<byte> destination, SegmentHeader header)
    {
        var bytes = destination[..HeaderBytes];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], header.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], header.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], header.LastSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[60..], Crc32.HashToUInt32(bytes[..60]));
    }

    /// <summary>Reads the header of the segment <paramref name="number"/>; refuses a newer format and damage.</summary>
    public static SegmentHeader ReadHeader(ReadOnlySpan<byte> source, int number)
    {
        var name = SegmentName(number);
        if (source.Length < HeaderBytes || !source.StartsWith(Magic))
            throw new TaskHubCorruptException($"'{name}' does not begin with a segment header (offset 0).");
        var version = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        if (version > Version)
        {
            throw new TaskHubCorruptException(
                $"'{name}' has log format {version}; this version of AgentSquad reads formats up to {Version}. " +
                "Run the version that wrote it, or a newer one.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(source[60..]) != Crc32.HashToUInt32(source[..60]))
            throw new TaskHubCorruptException($"The header of '{name}' is damaged (offset 0): its checksum does not match.");
        var header = new SegmentHeader(
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]));
        return header.Number == number
            ? header
            : throw new TaskHubCorruptException($"'{name}' carries the header of segment {header.Number} (offset 0).");
    }

    /// <summary>Writes a record and returns how many bytes it took.</summary>
    public static int WriteRecord(Span<byte> destination, RecordKind kind, uint epoch, long sequence, ReadOnlySpan<byte> payload)
    {
        var bytes = destination[..(FrameBytes + payload.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, payload.Length);
        bytes[8] = (byte)kind;
        bytes[9..12].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], sequence);
        payload.CopyTo(bytes[FrameBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32.HashToUInt32(bytes[8..]));
        return bytes.Length;
    }

    /// <summary>Reads the record at the start of <paramref name="source"/>; false when it is cut off or its checksum does not match.</summary>
    public static bool TryReadRecord(ReadOnlyMemory<byte> source, out RawRecord record)
    {
        record = default;
        if (source.Length < FrameBytes) return false;
        var bytes = source.Span;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < 0 || length > source.Length - FrameBytes) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc32.HashToUInt32(bytes[8..(FrameBytes + length)])) return false;
        record = new RawRecord(
            (RecordKind)bytes[8],
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            source.Slice(FrameBytes, length));
        return true;
    }
}

/// <summary>Header of a segment.</summary>
/// <param name="Number">Its number; consecutive from 1.</param>
/// <param name="Epoch">Epoch of the owner that created it.</param>
/// <param name="LastSequence">Last sequence number before it.</param>
internal readonly record struct SegmentHeader(int Number, uint Epoch, long LastSequence);

/// <summary>A record as it stands in a segment.</summary>
internal readonly record struct RawRecord(RecordKind Kind, uint Epoch, long Sequence, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Bytes that it takes in the segment.</summary>
    public int Bytes => LogFormat.FrameBytes + Payload.Length;
}
