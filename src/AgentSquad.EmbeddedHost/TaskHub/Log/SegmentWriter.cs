using System.Buffers.Binary;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>
/// The owner's pen: puts blocks at the end of the log, exactly once, or finds out that the end is no longer its own. Used by one thread.
/// </summary>
internal sealed class SegmentWriter
{
    private readonly ISegmentStorage _storage;
    private readonly CommitLogOptions _options;
    private readonly Ownership _ownership;
    private readonly LeaseKeeper _lease;
    private readonly CancellationToken _stop;
    private int _blocks;

    /// <param name="storage">Where the segments are.</param>
    /// <param name="options">Sizes and times.</param>
    /// <param name="ownership">Ends when the log turns out to be another's.</param>
    /// <param name="lease">The leases of this owner.</param>
    /// <param name="tail">End of the log, behind this owner's epoch record.</param>
    /// <param name="blocks">Appends that the last segment has taken.</param>
    /// <param name="stop">Ends waiting for storage that is away.</param>
    public SegmentWriter(
        ISegmentStorage storage, CommitLogOptions options, Ownership ownership, LeaseKeeper lease, LogPosition tail, int blocks,
        CancellationToken stop)
    {
        _storage = storage;
        _options = options;
        _ownership = ownership;
        _lease = lease;
        _stop = stop;
        _blocks = blocks;
        Tail = tail;
    }

    /// <summary>End of the log: where the next block goes.</summary>
    public LogPosition Tail { get; private set; }

    /// <summary>
    /// Appends a block of whole records that ends with <paramref name="lastSequence"/>, in a new segment if the current one is full. Returns
    /// when it is durable; throws <see cref="TaskHubLostException"/> when that can no longer be known or reached.
    /// </summary>
    public void Append(ReadOnlyMemory<byte> block, long lastSequence)
    {
        // One block and one link always stay free.
        if (_blocks + 2 > _options.MaxSegmentBlocks
            || (Tail.Offset + block.Length + LogFormat.LinkBytes > _options.MaxSegmentBytes && Tail.Offset > LogFormat.HeaderBytes))
        {
            RollOver();
        }

        AppendFenced(LogFormat.SegmentName(Tail.Segment), block, Tail.Offset);
        _blocks++;
        Tail = Tail with { Offset = Tail.Offset + block.Length, Sequence = lastSequence };
    }

    /// <summary>Appends a record that changes nothing: it gets through only if this owner still is one.</summary>
    public void Fence()
    {
        var record = new byte[LogFormat.FrameBytes];
        LogFormat.WriteRecord(record, RecordKind.Fence, Tail.Epoch, Tail.Sequence, []);
        AppendFenced(LogFormat.SegmentName(Tail.Segment), record, Tail.Offset);
        _blocks++;
        Tail = Tail with { Offset = Tail.Offset + record.Length };
    }

    /// <summary>Goes on in a new segment: it is created, leased and headed first, and exists for the log only with the link to it.</summary>
    public void RollOver()
    {
        var old = LogFormat.SegmentName(Tail.Segment);
        var number = Tail.Segment + 1;
        var next = LogFormat.SegmentName(number);
        // Only the very blob that was created here: an owner that was replaced and does not know it yet must not take its successor's.
        var etag = Create(next);
        Retry(() => _storage.AcquireLease(next, _lease.LeaseId, _options.LeaseDuration, etag));
        _lease.Hold(next);

        var header = new byte[LogFormat.HeaderBytes];
        LogFormat.WriteHeader(header, new SegmentHeader(number, Tail.Epoch, Tail.Sequence));
        AppendFenced(next, header, 0);

        var link = new byte[LogFormat.LinkBytes];
        var payload = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        LogFormat.WriteRecord(link, RecordKind.Link, Tail.Epoch, Tail.Sequence, payload);
        AppendFenced(old, link, Tail.Offset);

        Tail = new LogPosition(number, LogFormat.HeaderBytes, Tail.Epoch, Tail.Sequence);
        _blocks = 1;
        _lease.Release(old);
    }

    private string Create(string next)
    {
        while (true)
        {
            if (Retry(() => _storage.Create(next, _lease.Owner.ToMetadata())) is { } created) return created;
            var found = Retry(() => _storage.GetInfo(next));
            if (found is null) continue;
            if (OwnerIdentity.FromMetadata(found.Metadata)?.Instance == _lease.Owner.Instance) return found.ETag;

            // Somebody else's: left by an owner that was replaced half way, or begun by one that has replaced us. The fence tells: who
            // replaces us writes to our segment before it creates the next. What was there before the fence passed is rubbish, and the
            // ETag makes sure that it is what gets deleted.
            Fence();
            Retry(() => Discard(_storage, next, found));
        }
    }

    /// <summary>Deletes a segment that nothing links to, if it is still the one that was looked at.</summary>
    public static bool Discard(ISegmentStorage storage, string name, SegmentInfo found)
    {
        try
        {
            if (found.Leased) storage.BreakLease(name, found.ETag);
        }
        catch (HubStorageException ended) when (ended.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed)
        {
            // The lease ended by itself, or the blob is another: the delete below knows.
        }

        try
        {
            storage.Delete(name, found.ETag);
            return true;
        }
        catch (HubStorageException changed) when (changed.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed)
        {
            return false;
        }
    }

    private void AppendFenced(string segment, ReadOnlyMemory<byte> block, long position)
    {
        var outage = new Outage(_options, _ownership, _stop);
        while (true)
        {
            try
            {
                if (_ownership.IsLost) throw _ownership.Exception();
                _storage.Append(segment, block, _lease.LeaseId, position);
                return;
            }
            catch (HubStorageException failed)
            {
                if (Landed(segment, block, position, outage)) return;
                if (failed.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed) Retake(segment, outage);
                outage.Wait(failed);
            }
        }
    }

    /// <summary>After a refusal or silence: reads the tail and decides. True: the block is there. False: it is not, yet.</summary>
    private bool Landed(string segment, ReadOnlyMemory<byte> block, long position, Outage outage)
    {
        while (true)
        {
            try
            {
                var info = _storage.GetInfo(segment);
                if (info is null) throw Lose($"'{segment}' is gone; another process has taken over and dropped it.");
                if (info.Length < position)
                {
                    throw Lose(
                        $"'{segment}' is {info.Length} bytes long, but {position} bytes were acknowledged by the storage: it has lost data.");
                }

                if (info.Length == position) return false;
                var found = new byte[Math.Min(block.Length, info.Length - position)];
                _storage.Read(segment, position, found);
                if (block.Span.SequenceEqual(found)) return true;
                var other = LogFormat.TryReadRecord(found, out var record) ? $"epoch {record.Epoch}, sequence {record.Sequence}" : "unknown";
                throw Lose($"'{segment}' was continued by another owner at offset {position} ({other}; ours: epoch {Tail.Epoch}).");
            }
            catch (HubStorageException failed)
            {
                outage.Wait(failed);
            }
        }
    }

    private void Retake(string segment, Outage outage)
    {
        while (true)
        {
            try
            {
                if (!_lease.Retake(segment)) throw _ownership.Exception();
                return;
            }
            catch (HubStorageException failed)
            {
                outage.Wait(failed);
            }
        }
    }

    private T Retry<T>(Func<T> request)
    {
        var outage = new Outage(_options, _ownership, _stop);
        while (true)
        {
            try
            {
                return request();
            }
            catch (HubStorageException failed) when (failed.Failure is StorageFailure.Unavailable or StorageFailure.Rejected)
            {
                outage.Wait(failed);
            }
            catch (HubStorageException failed)
            {
                throw Lose($"The log could not go on in a new segment: {failed.Message}.", failed);
            }
        }
    }

    private void Retry(Action request) => Retry(() =>
    {
        request();
        return true;
    });

    private TaskHubLostException Lose(string reason, Exception? cause = null)
    {
        _ownership.Lose(reason, cause);
        return _ownership.Exception();
    }
}
