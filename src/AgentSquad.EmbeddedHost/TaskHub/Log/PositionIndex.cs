namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>
/// Remembers, coarsely, where in the log which sequence begins: from there a reader of a checkpoint goes on. Also counts the bytes since the
/// newest checkpoint. Thread-safe.
/// </summary>
internal sealed class PositionIndex
{
    // Closer together than this, places are not worth remembering: reading that much again costs a request at most.
    private const long Grain = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<(LogPosition Position, long Total)> _places = [];
    private LogPosition _end;
    private long _total;
    private long _checkpointTotal;

    /// <summary>Bytes in the log behind the newest checkpoint.</summary>
    public long BytesSinceCheckpoint
    {
        get
        {
            lock (_gate) return _total - _checkpointTotal;
        }
    }

    /// <summary>The end of the log has moved on to <paramref name="position"/>.</summary>
    public void Add(LogPosition position)
    {
        lock (_gate)
        {
            if (position.Segment == _end.Segment) _total += position.Offset - _end.Offset;
            if (_places.Count == 0 || position.Segment != _end.Segment || _total - _places[^1].Total >= Grain) _places.Add((position, _total));
            _end = position;
        }
    }

    /// <summary>The latest known place at or before the record that follows <paramref name="sequence"/>, and the bytes before it.</summary>
    public (LogPosition Position, long Total) Before(long sequence)
    {
        lock (_gate)
        {
            if (_end.Sequence <= sequence) return (_end, _total);
            var index = _places.FindLastIndex(place => place.Position.Sequence <= sequence);
            return index >= 0 ? _places[index] : throw new InvalidOperationException($"Sequence {sequence} is older than the last checkpoint.");
        }
    }

    /// <summary>A checkpoint now stands for everything before that place.</summary>
    public void CheckpointTaken((LogPosition Position, long Total) place)
    {
        lock (_gate)
        {
            _places.RemoveAll(known => known.Total < place.Total);
            _places.Insert(0, place);
            _checkpointTotal = place.Total;
        }
    }
}
