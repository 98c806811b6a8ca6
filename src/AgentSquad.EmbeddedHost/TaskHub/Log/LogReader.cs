using System.Runtime.CompilerServices;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>Reads the log from a place to the end that its new owner has claimed, holding every record to the rules on the way.</summary>
internal sealed class LogReader(
    ISegmentStorage storage, ClaimedLog claimed, LogPosition? start, long after, PositionIndex index, Func<Outage> outages)
{
    /// <summary>Every engine record with a sequence above the checkpoint's, in order.</summary>
    public async IAsyncEnumerable<LogRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LogPosition? before = null;
        var first = start?.Segment ?? claimed.FirstSegment;
        for (var number = first; number <= claimed.Tail.Segment; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var segment = number;
            var previous = before;
            var scan = await Task.Run(() => Open(segment, previous), cancellationToken);
            index.Add(scan.Position);
            while (scan.Read(out var record))
            {
                index.Add(scan.Position);
                if (record.Kind == RecordKind.Data && record.Sequence > after) yield return new LogRecord(record.Sequence, record.Payload);
            }

            before = scan.Position;
            if (number < claimed.Tail.Segment && scan.Next is null)
            {
                throw new TaskHubCorruptException(
                    $"'{LogFormat.SegmentName(number)}' ends at offset {before.Value.Offset} (sequence {before.Value.Sequence}) without the link to " +
                    "the next segment.");
            }
        }

        if (before is { } end && end.Sequence != claimed.Tail.Sequence)
        {
            throw new TaskHubCorruptException(
                $"'{LogFormat.SegmentName(end.Segment)}' ends with sequence {end.Sequence}; {claimed.Tail.Sequence} was expected.");
        }
    }

    private SegmentScan Open(int number, LogPosition? before)
    {
        var inTail = number == claimed.Tail.Segment;
        if (start is { } from && from.Segment == number)
        {
            // The last segment was read when it was claimed, at the latest from the place of a checkpoint that is not newer than ours.
            return inTail && from.Offset >= claimed.TailStart.Offset
                ? new SegmentScan(claimed.TailBytes[(int)(from.Offset - claimed.TailStart.Offset)..], from)
                : new SegmentScan(ReadBytes(number, from.Offset, inTail), from);
        }

        if (!inTail || claimed.TailStart.Offset > LogFormat.HeaderBytes)
            return SegmentScan.FromHeader(ReadBytes(number, 0, inTail), number, before);
        if (before is { } last && (last.Sequence != claimed.TailStart.Sequence || last.Epoch > claimed.TailStart.Epoch))
        {
            throw new TaskHubCorruptException(
                $"'{LogFormat.SegmentName(number)}' continues after sequence {claimed.TailStart.Sequence}, but the segment before it ends with " +
                $"sequence {last.Sequence} (offset 0).");
        }

        if (before is null) RequireStart(claimed.TailStart.Sequence, number);
        return new SegmentScan(claimed.TailBytes, claimed.TailStart);
    }

    private byte[] ReadBytes(int number, long offset, bool inTail)
    {
        var name = LogFormat.SegmentName(number);
        var outage = outages();
        byte[]? bytes = null;
        while (bytes is null)
        {
            try
            {
                var info = storage.GetInfo(name) ?? throw new TaskHubCorruptException($"'{name}' is missing.");
                var content = new byte[(inTail ? claimed.Tail.Offset : info.Length) - offset];
                storage.Read(name, offset, content);
                bytes = content;
            }
            catch (HubStorageException failed)
            {
                outage.Wait(failed);
            }
        }

        if (number == claimed.FirstSegment && start is null)
            RequireStart(LogFormat.ReadHeader(bytes, number).LastSequence, number);
        return bytes;
    }

    private static void RequireStart(long lastSequence, int number)
    {
        if (lastSequence == 0) return;
        throw new TaskHubCorruptException(
            $"The log begins with '{LogFormat.SegmentName(number)}' after sequence {lastSequence}, and there is no checkpoint that stands for " +
            "what came before.");
    }
}
