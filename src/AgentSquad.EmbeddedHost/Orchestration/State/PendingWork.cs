using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>What an execution has called and waits for: activities, timers, sub-orchestrations, by their numbers.</summary>
internal sealed class PendingWork
{
    // Mostly one or two; a fan-out of thousands gets an index.
    private const int IndexFrom = 16;

    private readonly List<HistoryEvent> _few = [];
    private Dictionary<int, HistoryEvent>? _index;

    public IEnumerable<HistoryEvent> All => _index is null ? _few : _index.Values;

    public int Count => _index?.Count ?? _few.Count;

    public void Add(HistoryEvent call)
    {
        if (_index is null && _few.Count < IndexFrom)
        {
            _few.Add(call);
            return;
        }

        if (_index is null)
        {
            _index = _few.ToDictionary(item => item.EventId);
            _few.Clear();
        }

        _index[call.EventId] = call;
    }

    public bool Contains(int id) => _index?.ContainsKey(id) ?? _few.Exists(item => item.EventId == id);

    public void Remove(int id)
    {
        if (_index is not null) _index.Remove(id);
        else _few.RemoveAll(item => item.EventId == id);
    }

    public void Clear()
    {
        _few.Clear();
        _index = null;
    }
}
