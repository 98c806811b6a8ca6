using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;

/// <summary>What every history obeys.</summary>
internal static class HistoryRules
{
    /// <summary>Throws unless an orchestrator could have made this history.</summary>
    public static void Judge(string instanceId, IReadOnlyList<HistoryEvent> events)
    {
        // One that has not begun, or has just continued as new, has none.
        if (events.Count == 0) return;
        Assert.Equal(1, events.Count(one => one.Kind == HistoryEventKind.ExecutionStarted));
        HashSet<int> open = [];
        HashSet<int> known = [];
        for (var i = 0; i < events.Count; i++)
        {
            var one = events[i];
            var text = $"{instanceId}, event {i}: {one}";
            switch (one.Kind)
            {
                case HistoryEventKind.TaskScheduled or HistoryEventKind.TimerCreated or HistoryEventKind.SubOrchestrationInstanceCreated:
                    Assert.True(known.Add(one.EventId), $"{text} has the number of another");
                    open.Add(one.EventId);
                    break;
                case HistoryEventKind.TaskCompleted or HistoryEventKind.TaskFailed or HistoryEventKind.TimerFired
                    or HistoryEventKind.SubOrchestrationInstanceCompleted or HistoryEventKind.SubOrchestrationInstanceFailed:
                    Assert.True(open.Remove(one.TaskScheduledId), $"{text} ends what is not open");
                    break;
                case HistoryEventKind.ExecutionCompleted:
                    Assert.True(i == events.Count - 1, $"{text} is not the last");
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Throws unless the history goes on from what was seen of it before.</summary>
    public static void JudgeContinuation(string instanceId, IReadOnlyList<string> seen, IReadOnlyList<HistoryEvent> now)
    {
        Assert.True(
            now.Count >= seen.Count && now.Select(Describe).Take(seen.Count).SequenceEqual(seen),
            $"{instanceId} was\n  {string.Join("\n  ", seen)}\nand is\n  {string.Join("\n  ", now.Select(Describe))}");
    }

    /// <summary>An event with all that makes it that event.</summary>
    public static string Describe(HistoryEvent one) => $"{one} at {one.Timestamp:O} {one.Data.Value} {one.Target}";
}
