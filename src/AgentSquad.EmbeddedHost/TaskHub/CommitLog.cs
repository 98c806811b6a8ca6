using AgentSquad.EmbeddedHost.TaskHub.Checkpoints;
using AgentSquad.EmbeddedHost.TaskHub.Log;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>The commit log of one task hub on append blobs; docs/task-hub.md describes what it writes.</summary>
internal sealed class CommitLog : ICommitLog
{
    private readonly ISegmentStorage _segments;
    private readonly IBlobStorage _blobs;
    private readonly CommitLogOptions _options;
    private readonly ILogger _logger;
    private readonly CheckpointStore _checkpoints;
    private readonly Ownership _ownership = new();
    private readonly PositionIndex _index = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _checkpointing = new(1);
    private LeaseKeeper? _lease;
    private GroupCommit? _commit;
    private uint _epoch;
    private int _disposed;

    /// <summary>A log over these stores, not yet opened.</summary>
    public CommitLog(ISegmentStorage segments, IBlobStorage blobs, CommitLogOptions options, ILogger<CommitLog> logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAppendBytes, LogFormat.FrameBytes + LogFormat.LinkBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSegmentBlocks, 4);
        _segments = segments;
        _blobs = blobs;
        _options = options;
        _logger = logger;
        _checkpoints = new CheckpointStore(blobs);
    }

    /// <inheritdoc />
    public long LastDurableSequence => _commit?.Durable ?? 0;

    /// <inheritdoc />
    public long BytesSinceCheckpoint => _index.BytesSinceCheckpoint;

    /// <summary>Whether something was written a moment ago, so that more is likely to come.</summary>
    public bool IsBusy => _commit?.IsBusy ?? false;

    /// <inheritdoc />
    public CancellationToken OwnershipLost => _ownership.Lost;

    /// <summary>Called, once per owner that is met, with who owns the hub while this process stands by.</summary>
    public Action<string>? StandingBy { get; set; }

    /// <inheritdoc />
    public async Task<LogRecovery> OpenAsync(CancellationToken cancellationToken)
    {
        if (_commit is not null) throw new InvalidOperationException("The log is open already.");
        var (claimed, checkpoint) = await Task.Factory.StartNew(
            () => (Claim(cancellationToken), ReadCheckpoint(cancellationToken)),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (checkpoint is not null && (checkpoint.Sequence > claimed.Tail.Sequence || checkpoint.Start.Segment > claimed.Tail.Segment))
        {
            throw new TaskHubCorruptException(
                $"The newest checkpoint stands for sequence {checkpoint.Sequence}, but the log ends with {claimed.Tail.Sequence} " +
                $"('{LogFormat.SegmentName(claimed.Tail.Segment)}', offset {claimed.Tail.Offset}): the log has lost data.");
        }

        var writer = new SegmentWriter(_segments, _options, _ownership, _lease!, claimed.Tail, claimed.Blocks, _stop.Token);
        _epoch = claimed.Tail.Epoch;
        _commit = new GroupCommit(writer, _options, _ownership, _index);
        _lease!.Regained = () => _ = _commit.Enqueue(WriterRequest.Fence, default);
        var after = checkpoint?.Sequence ?? 0;
        var reader = new LogReader(_segments, claimed, checkpoint?.Start, after, _index, () => NewOutage(cancellationToken));
        return new LogRecovery(checkpoint?.Content, after, reader.ReadAsync(cancellationToken));
    }

    /// <inheritdoc />
    public Task<long> Append(ReadOnlyMemory<byte> record)
    {
        var most = Math.Min(_options.MaxAppendBytes, _options.MaxSegmentBytes) - LogFormat.FrameBytes;
        if (record.Length > most)
        {
            return Task.FromException<long>(new ArgumentException(
                $"A record of {record.Length} bytes does not fit into one append ({most} bytes at most). Move what is large to the payload store.",
                nameof(record)));
        }

        return Opened().Enqueue(WriterRequest.Record, record);
    }

    /// <inheritdoc />
    public async Task CheckpointAsync(long sequence, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var commit = Opened();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, commit.Durable);
        await _checkpointing.WaitAsync(cancellationToken);
        try
        {
            await commit.Enqueue(WriterRequest.RollOver, default).WaitAsync(cancellationToken);
            var place = _index.Before(sequence);
            await _checkpoints.WriteAsync(sequence, _epoch, place.Position, write, cancellationToken);

            // Who is no longer the owner must not delete: its successor may need what looks old from here.
            await commit.Enqueue(WriterRequest.Fence, default).WaitAsync(cancellationToken);
            _index.CheckpointTaken(place);
            await DropBeforeAsync(sequence, place.Position.Segment, cancellationToken);
        }
        finally
        {
            _checkpointing.Release();
        }
    }

    /// <summary>Writes what waits, gives the lease back and stops. After a loss it only stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _stop.Dispose();
        _checkpointing.Dispose();
    }

    private void Close()
    {
        // Storage that answers gets everything that waits; storage that is away is not waited for.
        _stop.Cancel();
        _commit?.Dispose();
        _lease?.Dispose();
    }

    /// <summary>Reads after the claim: only then is it certain that no older owner drops what the newest checkpoint needs.</summary>
    private Checkpoint? ReadCheckpoint(CancellationToken cancellationToken)
    {
        var outage = NewOutage(cancellationToken);
        while (true)
        {
            try
            {
                return WaitFor(_checkpoints.ReadNewestAsync(cancellationToken));
            }
            catch (HubStorageException failed)
            {
                outage.Wait(failed);
            }
        }
    }

    private Outage NewOutage(CancellationToken cancellationToken) => new(_options, _ownership, _stop.Token, cancellationToken);

    private ClaimedLog Claim(CancellationToken cancellationToken)
    {
        string? met = null;
        string? trouble = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_ownership.IsLost) throw _ownership.Exception();
            try
            {
                // Blocking is fine on this thread of its own.
                var start = WaitFor(PrepareAsync(cancellationToken));
                if (TryClaim(start, Meet) is { } claimed) return claimed;
            }
            catch (HubStorageException failed)
            {
                if (failed.Failure is StorageFailure.Unavailable or StorageFailure.Rejected && trouble != failed.Message)
                {
                    trouble = failed.Message;
                    _logger.LogWarning("The task hub cannot be opened yet, trying again: {Reason}", failed.Message);
                }
            }

            cancellationToken.WaitHandle.WaitOne(_options.StandbyPoll);
        }

        void Meet(string owner)
        {
            if (met == owner) return;
            met = owner;
            _logger.LogInformation("Standing by: {Owner} owns the task hub.", owner);
            StandingBy?.Invoke(owner);
        }
    }

    private ClaimedLog? TryClaim(LogPosition? start, Action<string> standingBy)
    {
        var owner = _options.Owner with { Instance = Guid.NewGuid().ToString("N") };
        LeaseKeeper? lease = null;
        try
        {
            lease = new LeaseKeeper(_segments, _options, owner, _ownership, _logger);
            var claimed = new TakeOver(_segments, _options, lease, start, standingBy, _logger).TryClaim();
            if (claimed is null) return null;
            _lease = lease;
            lease = null;
            return claimed;
        }
        finally
        {
            lease?.Dispose();
        }
    }

    private async Task<LogPosition?> PrepareAsync(CancellationToken cancellationToken)
    {
        await _blobs.EnsureContainerAsync(cancellationToken);
        return await _checkpoints.FindStartAsync(cancellationToken);
    }

    private async Task DropBeforeAsync(long sequence, int segment, CancellationToken cancellationToken)
    {
        try
        {
            // Oldest first: what is left after a crash has no gap.
            List<string> older = [];
            await foreach (var name in _blobs.ListAsync(LogFormat.Prefix, cancellationToken))
            {
                if (LogFormat.SegmentNumber(name) < segment) older.Add(name);
            }

            foreach (var name in older) await _blobs.DeleteAsync(name, cancellationToken);
            await _checkpoints.DeleteOlderAsync(sequence, _epoch, cancellationToken);
        }
        catch (HubStorageException reason)
        {
            _logger.LogWarning("Old segments or checkpoints stay until the next checkpoint: {Reason}", reason.Message);
        }
    }

    private GroupCommit Opened() => _commit ?? throw new InvalidOperationException("The log is not open.");

    private static T WaitFor<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
