using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>The end of the log in the hands of a new owner.</summary>
/// <param name="Tail">Behind the new owner's epoch record.</param>
/// <param name="Blocks">Appends that the last segment has taken.</param>
/// <param name="FirstSegment">Oldest segment that is still there.</param>
/// <param name="TailStart">Where <paramref name="TailBytes"/> begin.</param>
/// <param name="TailBytes">The last segment from <paramref name="TailStart"/> to the epoch record.</param>
internal sealed record ClaimedLog(LogPosition Tail, int Blocks, int FirstSegment, LogPosition TailStart, ReadOnlyMemory<byte> TailBytes);

/// <summary>
/// Becomes the owner of the log: leases its last segment and puts a record with a new epoch at its end. From then on nothing that an older
/// owner still has under way can be appended.
/// </summary>
/// <remarks>
/// Which segment is the last one? The one with the highest number, if it holds more than a header: nothing is written to a segment before
/// the link to it is. Otherwise the one before it decides: with a link, the log goes on in the new segment; without, the new one is rubbish
/// that an owner left behind half way. To look, that one has to be leased first; whoever is just creating the new segment holds that lease.
/// </remarks>
internal sealed class TakeOver(
    ISegmentStorage storage, CommitLogOptions options, LeaseKeeper lease, LogPosition? start, Action<string> standingBy, ILogger logger)
{
    /// <summary>One attempt. Null when the hub belongs to another, or changed while it was looked at.</summary>
    public ClaimedLog? TryClaim()
    {
        var numbers = Segments();
        if (numbers.Count == 0)
        {
            // Loses to another that does the same; then there is a segment to wait for.
            storage.Create(LogFormat.SegmentName(1), lease.Owner.ToMetadata());
            numbers = [1];
        }

        var last = numbers[^1];
        var name = LogFormat.SegmentName(last);
        var info = storage.GetInfo(name);
        if (info is null) return null;
        var used = info.Length > LogFormat.HeaderBytes || numbers.Count == 1;
        return used ? Claim(last, numbers, null) : ClaimBehind(last, info, numbers);
    }

    private ClaimedLog? ClaimBehind(int unused, SegmentInfo info, List<int> numbers)
    {
        var before = unused - 1;
        if (!Lease(before)) return null;
        var content = ReadFrom(before, null, out _);
        while (content.Read(out _))
        {
        }

        if (content.Next is null)
        {
            numbers.Remove(unused);
            return Claim(before, numbers, info);
        }

        var claimed = Claim(unused, numbers, null);
        lease.Release(LogFormat.SegmentName(before));
        return claimed;
    }

    /// <summary>Takes the segment that appears to be the last one; <paramref name="rubbish"/> is what was found behind it.</summary>
    private ClaimedLog? Claim(int number, List<int> numbers, SegmentInfo? rubbish)
    {
        var name = LogFormat.SegmentName(number);
        if (!Lease(number)) return null;

        // From here on nobody can link from this segment to another. Somebody may have done so before.
        var now = Segments();
        if (rubbish is not null) now.Remove(number + 1);
        if (now.Count == 0 || now[^1] != number)
        {
            lease.Release(name);
            return null;
        }

        var content = ReadFrom(number, start, out var bytes);
        var tailStart = content.Position;
        while (content.Read(out _))
        {
        }

        var tail = content.Position;
        if (content.Next is { } next)
            throw new TaskHubCorruptException($"'{name}' links to '{LogFormat.SegmentName(next)}' (offset {tail.Offset}), which is missing.");

        var epoch = tail.Epoch + 1;
        var block = new byte[LogFormat.HeaderBytes + LogFormat.FrameBytes];
        var length = 0;
        if (tail.Offset == 0)
        {
            LogFormat.WriteHeader(block, new SegmentHeader(number, epoch, tail.Sequence));
            length = LogFormat.HeaderBytes;
            tailStart = tailStart with { Offset = length };
        }

        length += LogFormat.WriteRecord(block.AsSpan(length), RecordKind.EpochStart, epoch, tail.Sequence, []);
        storage.Append(name, block.AsMemory(0, length), lease.LeaseId, tail.Offset);
        if (rubbish is not null) SegmentWriter.Discard(storage, LogFormat.SegmentName(number + 1), rubbish);
        logger.LogInformation(
            "{Owner} owns the task hub: epoch {Epoch}, after sequence {Sequence} in {Segment}.", lease.Owner, epoch, tail.Sequence, name);
        var blocks = storage.GetInfo(name)?.Blocks ?? 0;
        return new ClaimedLog(tail with { Offset = tail.Offset + length, Epoch = epoch }, blocks, numbers[0], tailStart, bytes);
    }

    private SegmentScan ReadFrom(int number, LogPosition? from, out ReadOnlyMemory<byte> bytes)
    {
        var name = LogFormat.SegmentName(number);
        var length = storage.GetInfo(name)?.Length ?? 0;
        if (length == 0 && number == 1)
        {
            bytes = ReadOnlyMemory<byte>.Empty;
            return new SegmentScan(bytes, new LogPosition(1, 0, 0, 0));
        }

        var offset = from is { } position && position.Segment == number ? position.Offset : 0;
        if (offset > length)
        {
            throw new TaskHubCorruptException(
                $"'{name}' is {length} bytes long, but a checkpoint was taken at offset {offset}: the segment has lost data.");
        }

        var content = new byte[length - offset];
        storage.Read(name, offset, content);
        if (offset > 0)
        {
            bytes = content;
            return new SegmentScan(bytes, from!.Value);
        }

        var scan = SegmentScan.FromHeader(content, number, null);
        bytes = content.AsMemory(LogFormat.HeaderBytes);
        return scan;
    }

    /// <summary>Leases a segment, under the rules for one that is leased already. False: not now.</summary>
    private bool Lease(int number)
    {
        var name = LogFormat.SegmentName(number);
        if (lease.Holds(name)) return true;
        try
        {
            var info = storage.GetInfo(name);
            if (info is null) return false;
            if (info.Leased)
            {
                var owner = OwnerIdentity.FromMetadata(info.Metadata);
                if (owner is null || !owner.IsProvablyDead())
                {
                    standingBy(owner?.ToString() ?? "another process");
                    return false;
                }

                // The ETag names what was looked at: an owner that has come since then keeps its lease.
                logger.LogWarning("{Owner}, the owner of the task hub, is gone; its lease is broken.", owner);
                storage.BreakLease(name, info.ETag);
                info = storage.GetInfo(name);
                if (info is null || info.Leased) return false;
            }

            // First the name, then the lease, each only if nobody came between: who holds the lease is always who the metadata names.
            var etag = storage.SetMetadata(name, lease.Owner.ToMetadata(), info.ETag, null);
            storage.AcquireLease(name, lease.LeaseId, options.LeaseDuration, etag);
            lease.Hold(name);
            return true;
        }
        catch (HubStorageException race)
            when (race.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed or StorageFailure.NotFound)
        {
            return false;
        }
    }

    private List<int> Segments()
    {
        List<int> numbers = [.. storage.List(LogFormat.Prefix).Select(LogFormat.SegmentNumber).Order()];
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] != numbers[i - 1] + 1)
            {
                throw new TaskHubCorruptException(
                    $"'{LogFormat.SegmentName(numbers[i - 1] + 1)}' is missing between '{LogFormat.SegmentName(numbers[i - 1])}' and " +
                    $"'{LogFormat.SegmentName(numbers[i])}'.");
            }
        }

        return numbers;
    }
}
