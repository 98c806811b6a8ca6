using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>
/// An execution's history in its stored form. A running orchestrator does not need it, so it stays compact; that of one which waits is packed.
/// </summary>
internal sealed class HistoryBuffer
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>What is stored: events one after the other, or their packed form. What is handed out never changes.</summary>
    public ReadOnlyMemory<byte> Stored => _bytes.AsMemory(0, _length);

    /// <summary>Adds events in their stored form.</summary>
    public void Append(ReadOnlySpan<byte> events)
    {
        if (PackedHistory.IsPacked(Stored.Span)) Restore(PackedHistory.Unpack(Stored.Span));
        var needed = checked(_length + events.Length);
        if (needed > _bytes.Length)
        {
            // Small histories stay exact: most instances wait after a few turns.
            const int small = 4096;
            Array.Resize(ref _bytes, needed <= small ? needed : Math.Max(needed, _bytes.Length * 2));
        }

        events.CopyTo(_bytes.AsSpan(_length));
        _length = needed;
    }

    /// <summary>Takes over what was stored, packed or not.</summary>
    public void Restore(byte[] stored)
    {
        _bytes = stored;
        _length = stored.Length;
    }

    /// <summary>Puts the packed form in place of what it was made of; if that has changed since, the packed form is worth nothing.</summary>
    public void Replace(ReadOnlyMemory<byte> stored, byte[] packed)
    {
        if (Stored.Equals(stored)) Restore(packed);
    }

    public void Clear() => Restore([]);

    public void Trim()
    {
        if (_bytes.Length > _length) Array.Resize(ref _bytes, _length);
    }

    public List<HistoryEvent> Read()
    {
        var stored = Stored.Span;
        return HistoryCodec.ReadAll(PackedHistory.IsPacked(stored) ? PackedHistory.Unpack(stored) : stored);
    }
}
