using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>
/// An execution's history in its stored form. A running orchestrator does not need it, so it stays compact; that of one which waits may be packed.
/// </summary>
internal sealed class HistoryBuffer
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>What is held: events one after the other, or their packed form. What is handed out never changes.</summary>
    public ReadOnlyMemory<byte> Held => _bytes.AsMemory(0, _length);

    /// <summary>Events one after the other.</summary>
    public ReadOnlySpan<byte> Plain => PackedHistory.Plain(Held).Span;

    /// <summary>Adds events in their stored form.</summary>
    public void Append(ReadOnlySpan<byte> events)
    {
        if (PackedHistory.IsPacked(Held.Span)) Hold(PackedHistory.Unpack(Held.Span));
        var needed = (long)_length + events.Length;
        if (needed > _bytes.Length)
        {
            // Small histories stay exact: most instances wait after a few turns.
            const int small = 4096;
            Array.Resize(ref _bytes, needed <= small ? (int)needed : ByteWriter.Grown(_bytes.Length, needed));
        }

        events.CopyTo(_bytes.AsSpan(_length));
        _length = (int)needed;
    }

    /// <summary>Holds another form of the same events instead; one that was made before the last change is worth nothing.</summary>
    /// <param name="held">What the other form was made of.</param>
    /// <param name="other">The other form.</param>
    public void Replace(ReadOnlyMemory<byte> held, byte[] other)
    {
        if (Held.Equals(held)) Hold(other);
    }

    public void Clear() => Hold([]);

    public void Trim()
    {
        if (_bytes.Length > _length) Array.Resize(ref _bytes, _length);
    }

    private void Hold(byte[] bytes) => (_bytes, _length) = (bytes, bytes.Length);
}
