using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>Stored form of a log record: a version, then its changes.</summary>
internal static class RecordCodec
{
    private const byte Version = 1;

    // The log takes up to 4 MiB; smaller parts leave room for what others append.
    private const int LargestPart = 1024 * 1024;
    private const byte PartMark = 0xFF;
    private const byte FirstPart = 1;
    private const byte LastPart = 2;

    private enum ChangeKind : byte
    {
        Start = 1,
        Enqueue = 2,
        Turn = 3,
        Archive = 4,
        Purge = 5,
        Rewind = 6,
    }

    public static byte[] Write(ByteWriter writer, IReadOnlyList<Change> changes)
    {
        writer.Clear();
        writer.Byte(Version);
        writer.UInt((ulong)changes.Count);
        foreach (var change in changes) Write(writer, change);
        return writer.ToArray();
    }

    /// <summary>Cuts a record that the log would not take into parts; one that fits is its own only part.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(byte[] record)
    {
        if (record.Length <= LargestPart)
        {
            yield return record;
            yield break;
        }

        for (var position = 0; position < record.Length; position += LargestPart)
        {
            var length = Math.Min(LargestPart, record.Length - position);
            var part = new byte[length + 2];
            part[0] = PartMark;
            part[1] = position == 0 ? FirstPart : position + length == record.Length ? LastPart : (byte)0;
            record.AsSpan(position, length).CopyTo(part.AsSpan(2));
            yield return part;
        }
    }

    /// <summary>Reads a record back.</summary>
    public static List<Change> Read(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        var version = reader.Byte();
        if (version != Version)
        {
            throw new TaskHubCorruptException(
                $"The task hub holds a record of format {version}; this version reads format {Version}. Run the version that wrote it.");
        }

        var changes = new List<Change>(reader.Count());
        for (var left = changes.Capacity; left > 0; left--) changes.Add(Read(ref reader));
        return changes;
    }

    private static void Write(ByteWriter writer, Change change)
    {
        switch (change)
        {
            case StartChange start:
                writer.Byte((byte)ChangeKind.Start);
                InstanceCodec.WriteHead(writer, start.Instance);
                writer.UInt((ulong)start.MessageId);
                break;
            case EnqueueChange enqueue:
                writer.Byte((byte)ChangeKind.Enqueue);
                writer.Text(enqueue.InstanceId);
                writer.UInt((ulong)enqueue.MessageId);
                HistoryCodec.Write(writer, enqueue.Event);
                break;
            case TurnChange turn:
                writer.Byte((byte)ChangeKind.Turn);
                Write(writer, turn);
                break;
            case ArchiveChange archive:
                writer.Byte((byte)ChangeKind.Archive);
                writer.Text(archive.Blob);
                writer.UInt((ulong)archive.Entries.Count);
                foreach (var (instanceId, executionId, offset, length) in archive.Entries)
                {
                    writer.Text(instanceId);
                    writer.Text(executionId);
                    writer.UInt((ulong)offset);
                    writer.UInt((ulong)length);
                }

                break;
            case RewindChange rewind:
                writer.Byte((byte)ChangeKind.Rewind);
                InstanceCodec.Write(writer, rewind.Instance);
                break;
            case PurgeChange purge:
                writer.Byte((byte)ChangeKind.Purge);
                writer.Text(purge.InstanceId);
                break;
            default:
                throw new InvalidOperationException($"Unknown change {change}.");
        }
    }

    private static void Write(ByteWriter writer, TurnChange turn)
    {
        writer.Text(turn.InstanceId);
        writer.Time(turn.Time);
        writer.UInt((ulong)turn.Consumed.Count);
        foreach (var id in turn.Consumed) writer.UInt((ulong)id);
        writer.Bytes(turn.StoredEvents.Span);
        writer.UInt((ulong)turn.CancelledTimers.Count);
        foreach (var timer in turn.CancelledTimers) writer.UInt((ulong)timer);
        writer.Bool(turn.CustomStatusSet);
        if (turn.CustomStatusSet) HistoryCodec.Write(writer, turn.CustomStatus);
        writer.UInt((ulong)turn.Carried.Count);
        foreach (var (id, carried) in turn.Carried)
        {
            writer.UInt((ulong)id);
            HistoryCodec.Write(writer, carried);
        }
    }

    private static Change Read(ref ByteReader reader) => (ChangeKind)reader.Byte() switch
    {
        ChangeKind.Start => new StartChange(InstanceCodec.ReadHead(ref reader), (long)reader.UInt()),
        ChangeKind.Enqueue => new EnqueueChange(reader.RequiredText(), (long)reader.UInt(), HistoryCodec.Read(ref reader)),
        ChangeKind.Turn => ReadTurn(ref reader),
        ChangeKind.Archive => ReadArchive(ref reader),
        ChangeKind.Rewind => new RewindChange(InstanceCodec.Read(ref reader)),
        ChangeKind.Purge => new PurgeChange(reader.RequiredText()),
        var kind => throw new TaskHubCorruptException($"The task hub holds a record with an unknown change {(int)kind}."),
    };

    private static TurnChange ReadTurn(ref ByteReader reader)
    {
        var instanceId = reader.RequiredText();
        var time = reader.Time();
        var consumed = new long[reader.Count()];
        for (var i = 0; i < consumed.Length; i++) consumed[i] = (long)reader.UInt();
        var events = reader.Bytes().ToArray();
        var timers = new int[reader.Count()];
        for (var i = 0; i < timers.Length; i++) timers[i] = reader.Count();
        var statusSet = reader.Bool();
        var status = statusSet ? HistoryCodec.ReadPayload(ref reader) : Payload.None;
        var carried = new (long, HistoryEvent)[reader.Count()];
        for (var i = 0; i < carried.Length; i++) carried[i] = ((long)reader.UInt(), HistoryCodec.Read(ref reader));
        return new TurnChange
        {
            InstanceId = instanceId,
            Time = time,
            Consumed = consumed,
            Events = HistoryCodec.ReadAll(events),
            StoredEvents = events,
            CancelledTimers = timers,
            CustomStatusSet = statusSet,
            CustomStatus = status,
            Carried = carried,
        };
    }

    private static ArchiveChange ReadArchive(ref ByteReader reader)
    {
        var blob = reader.RequiredText();
        var entries = new (string, string, int, int)[reader.Count()];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = (reader.RequiredText(), reader.RequiredText(), reader.Count(), reader.Count());
        }

        return new ArchiveChange(blob, entries);
    }

    /// <summary>Puts parts together again. Parts whose last one never became durable never happened.</summary>
    internal sealed class Joiner
    {
        private readonly List<byte> _parts = [];

        /// <summary>The whole record that ends here; null when parts are missing.</summary>
        public byte[]? Add(ReadOnlyMemory<byte> part)
        {
            if (part.Length == 0 || part.Span[0] != PartMark)
            {
                _parts.Clear();
                return part.ToArray();
            }

            if (part.Span[1] == FirstPart) _parts.Clear();
            _parts.AddRange(part.Span[2..]);
            if (part.Span[1] != LastPart) return null;
            var record = _parts.ToArray();
            _parts.Clear();
            _parts.TrimExcess();
            return record;
        }
    }
}
