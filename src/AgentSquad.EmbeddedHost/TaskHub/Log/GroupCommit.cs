namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>
/// The writer's thread: packs all that waits into one append, acknowledges it when it is durable, and takes what has come meanwhile. A record
/// that comes alone goes out alone and at once.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    // A pause between commits that is longer than any while orchestrations run.
    private const int BusyMilliseconds = 100;

    private readonly SegmentWriter _writer;
    private readonly CommitLogOptions _options;
    private readonly Ownership _ownership;
    private readonly PositionIndex _index;
    private readonly byte[] _block;
    private readonly object _gate = new();
    private readonly Thread _thread;
    private List<PendingRecord> _queue = [];
    private bool _closing;
    private long _durable;
    private long _wroteAt = -BusyMilliseconds;

    public GroupCommit(SegmentWriter writer, CommitLogOptions options, Ownership ownership, PositionIndex index)
    {
        _writer = writer;
        _options = options;
        _ownership = ownership;
        _index = index;
        _block = new byte[options.MaxAppendBytes];
        _durable = writer.Tail.Sequence;
        _thread = new Thread(Run) { IsBackground = true, Name = "hub log" };
        _thread.Start();
    }

    /// <summary>Newest durable sequence.</summary>
    public long Durable => Interlocked.Read(ref _durable);

    /// <summary>Whether records were written a moment ago.</summary>
    public bool IsBusy => Environment.TickCount64 - Interlocked.Read(ref _wroteAt) < BusyMilliseconds;

    /// <summary>Queues a request.</summary>
    public Task<long> Enqueue(WriterRequest request, ReadOnlyMemory<byte> payload)
    {
        var pending = new PendingRecord(request, payload);
        lock (_gate)
        {
            if (_ownership.IsLost) return Task.FromException<long>(_ownership.Exception());
            if (_closing) return Task.FromException<long>(new TaskHubLostException("The log is closed."));
            _queue.Add(pending);
            if (_queue.Count == 1) Monitor.Pulse(_gate);
        }

        return pending.Task;
    }

    /// <summary>Writes what waits and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        List<PendingRecord> taken = [];
        while (Take(ref taken))
        {
            var done = 0;
            try
            {
                while (done < taken.Count) done += Write(taken, done);
            }
            catch (Exception failure)
            {
                // Whatever happened here, the end of the log is no longer certain: give up rather than go on. Only a takeover reads it again.
                _ownership.Lose($"The log's writer failed: {failure.Message}", failure);
                foreach (var pending in taken.Skip(done)) pending.TrySetException(_ownership.Exception());
                FailQueue();
                return;
            }

            taken.Clear();
        }
    }

    private bool Take(ref List<PendingRecord> taken)
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_closing) Monitor.Wait(_gate);
            (taken, _queue) = (_queue, taken);
            return taken.Count > 0;
        }
    }

    /// <summary>Does the first request from <paramref name="from"/> on, with as many records after it as fit; returns how many that were.</summary>
    private int Write(List<PendingRecord> taken, int from)
    {
        switch (taken[from].Request)
        {
            case WriterRequest.Fence:
                _writer.Fence();
                break;
            case WriterRequest.RollOver:
                if (_writer.Tail.Offset >= _options.CheckpointRollOverBytes) _writer.RollOver();
                break;
            default:
                return WriteRecords(taken, from);
        }

        _index.Add(_writer.Tail);
        taken[from].SetResult(_writer.Tail.Sequence);
        return 1;
    }

    private int WriteRecords(List<PendingRecord> taken, int from)
    {
        var first = _writer.Tail.Sequence + 1;
        var length = 0;
        var count = 0;
        for (var i = from; i < taken.Count && taken[i].Request == WriterRequest.Record; i++)
        {
            var payload = taken[i].Payload;
            if (length + LogFormat.FrameBytes + payload.Length > _block.Length) break;
            length += LogFormat.WriteRecord(_block.AsSpan(length), RecordKind.Data, _writer.Tail.Epoch, first + count, payload.Span);
            count++;
        }

        _writer.Append(_block.AsMemory(0, length), first + count - 1);
        _index.Add(_writer.Tail);
        Interlocked.Exchange(ref _durable, first + count - 1);
        Interlocked.Exchange(ref _wroteAt, Environment.TickCount64);
        for (var i = 0; i < count; i++) taken[from + i].SetResult(first + i);
        return count;
    }

    private void FailQueue()
    {
        List<PendingRecord> rest;
        lock (_gate)
        {
            _closing = true;
            rest = _queue;
            _queue = [];
        }

        foreach (var pending in rest) pending.TrySetException(_ownership.Exception());
    }
}
