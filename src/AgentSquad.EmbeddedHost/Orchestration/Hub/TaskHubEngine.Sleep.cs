using AgentSquad.EmbeddedHost.Orchestration.State;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>What becomes of instances that wait: their orchestrators leave memory, their histories are packed.</summary>
internal sealed partial class TaskHubEngine
{
    // Instances that a turn left without an orchestrator in memory, and whose history it may have left unpacked.
    private readonly HashSet<Instance> _asleep = [];

    // Orchestrators that have waited long leave memory; the next message replays them.
    private void Passivate()
    {
        List<Instance> idle;
        lock (_gate)
        {
            idle = [.. _awake.Where(item =>
                item.CurrentTurn is null && !item.IsScheduled && _options.Time.GetElapsedTime(item.LastTurnAt) > _options.PassivateAfter)];
            foreach (var instance in idle) GiveUpSession(instance);
            idle.AddRange(_asleep);
            _asleep.Clear();
        }

        foreach (var instance in idle) Pack(instance);
    }

    // Outside the gate, which thousands that fall asleep together would keep from everybody else.
    private void Pack(Instance instance)
    {
        ReadOnlyMemory<byte> held;
        lock (_gate) held = instance.History.Held;
        var packed = PackedHistory.Pack(held.Span);
        lock (_gate)
        {
            if (instance.CurrentTurn is not null || instance.Session is not null || instance.IsFinished) return;
            if (packed is not null) instance.History.Replace(held, packed);
            else instance.History.Trim();
            instance.Compact();
        }
    }

    // Not under the gate, and once: the turn's own events are added to it.
    private ReadOnlyMemory<byte> Unpacked(Instance instance)
    {
        ReadOnlyMemory<byte> held;
        lock (_gate) held = instance.History.Held;
        if (!PackedHistory.IsPacked(held.Span)) return held;
        var plain = PackedHistory.Unpack(held.Span);
        lock (_gate) instance.History.Replace(held, plain);
        return plain;
    }
}
