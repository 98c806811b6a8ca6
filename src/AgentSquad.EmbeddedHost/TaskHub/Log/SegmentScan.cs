using System.Buffers.Binary;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>A place in the log, and what came before it.</summary>
/// <param name="Segment">Number of the segment.</param>
/// <param name="Offset">Offset of the next record in it.</param>
/// <param name="Epoch">Epoch of the last record before the place.</param>
/// <param name="Sequence">Last sequence number before the place.</param>
internal readonly record struct LogPosition(int Segment, long Offset, uint Epoch, long Sequence);

/// <summary>
/// Walks the records of one segment and holds them to the rules: checksums match, sequence numbers have no gap, epochs never go back, nothing
/// follows a link. Whatever breaks one is reported with its place; nothing is skipped.
/// </summary>
internal sealed class SegmentScan
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long _start;
    private LogPosition _position;

    /// <param name="bytes">The segment from <paramref name="from"/> to its end.</param>
    /// <param name="from">Where <paramref name="bytes"/> begin.</param>
    public SegmentScan(ReadOnlyMemory<byte> bytes, LogPosition from)
    {
        _bytes = bytes;
        _start = from.Offset;
        _position = from;
    }

    /// <summary>Behind the last record that was read.</summary>
    public LogPosition Position => _position;

    /// <summary>The segment that the log goes on in; null while no link was read.</summary>
    public int? Next { get; private set; }

    /// <summary>A scan of a whole segment, its header included; <paramref name="before"/> is where the segment before it ended, if known.</summary>
    public static SegmentScan FromHeader(ReadOnlyMemory<byte> segment, int number, LogPosition? before)
    {
        var header = LogFormat.ReadHeader(segment.Span, number);
        if (before is { } last && (header.LastSequence != last.Sequence || header.Epoch < last.Epoch))
        {
            throw new TaskHubCorruptException(
                $"'{LogFormat.SegmentName(number)}' continues after sequence {header.LastSequence}, epoch {header.Epoch}, but the segment before " +
                $"it ends with sequence {last.Sequence}, epoch {last.Epoch} (offset 0). A segment is missing or was replaced.");
        }

        return new SegmentScan(
            segment[LogFormat.HeaderBytes..], new LogPosition(number, LogFormat.HeaderBytes, header.Epoch, header.LastSequence));
    }

    /// <summary>Reads the next record; false at the end of the segment.</summary>
    public bool Read(out RawRecord record)
    {
        record = default;
        var rest = _bytes[(int)(_position.Offset - _start)..];
        if (rest.IsEmpty) return false;
        if (!LogFormat.TryReadRecord(rest, out record)) throw Damage("its length or checksum does not match its content");
        if (Next is not null) throw Damage("it follows the link to the next segment");
        if (record.Epoch < _position.Epoch) throw Damage($"its epoch {record.Epoch} is older than {_position.Epoch}");
        if (record.Kind != RecordKind.EpochStart && record.Epoch != _position.Epoch) throw Damage($"epoch {record.Epoch} was never started");
        var sequence = _position.Sequence;
        switch (record.Kind)
        {
            case RecordKind.Data:
                sequence++;
                break;
            case RecordKind.EpochStart:
                break;
            case RecordKind.Link when record.Payload.Length == sizeof(int):
                Next = BinaryPrimitives.ReadInt32LittleEndian(record.Payload.Span);
                if (Next != _position.Segment + 1) throw Damage($"it links to segment {Next}");
                break;
            case RecordKind.Fence:
                break;
            default:
                throw Damage($"its kind {(byte)record.Kind} is unknown");
        }

        if (record.Sequence != sequence) throw Damage($"it has sequence {record.Sequence}");
        _position = new LogPosition(_position.Segment, _position.Offset + record.Bytes, record.Epoch, sequence);
        return true;
    }

    private TaskHubCorruptException Damage(string what) => new(
        $"The record at offset {_position.Offset} of '{LogFormat.SegmentName(_position.Segment)}' is damaged (sequence {_position.Sequence + 1} " +
        $"was expected): {what}. The hub stays closed; restore the container from a backup, or move to a new hub name.");
}
