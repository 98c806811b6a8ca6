using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>An execution's history in its stored form. A running orchestrator does not need it, so it stays compact.</summary>
internal sealed class HistoryBuffer
{
    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> events)
    {
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

    public void Clear()
    {
        _bytes = [];
        _length = 0;
    }

    public void Trim()
    {
        if (_bytes.Length > _length) Array.Resize(ref _bytes, _length);
    }

    public List<HistoryEvent> Read() => HistoryCodec.ReadAll(Bytes);
}
