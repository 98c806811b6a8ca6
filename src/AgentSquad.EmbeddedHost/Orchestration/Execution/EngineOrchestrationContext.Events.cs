using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>The engine's side: history events go in, decisions come out.</summary>
internal sealed partial class EngineOrchestrationContext
{
    /// <summary>Set when the code and the history do not agree; the execution cannot go on.</summary>
    public string? Mismatch { get; private set; }

    /// <summary>Whether the turn set a custom status.</summary>
    public bool CustomStatusSet { get; private set; }

    /// <summary>Whether the orchestrator could be waiting for anything durable.</summary>
    public bool IsWaiting => _pending.Count > 0 || _events.HasWaiters;

    public bool ContinuesAsNew => _continueAsNew is not null;

    public void SetReplaying(bool value) => _isReplaying = value;

    public void BeginTurn(DateTime now)
    {
        if (_isReplaying) RequireNoExtraActions();
        _now = now;
    }

    /// <summary>The past is over: the code must have done just what the history has.</summary>
    public void EndReplay(bool codeEnded)
    {
        RequireNoExtraActions();
        if (codeEnded) Disagree("the code ended where the history goes on");
    }

    /// <summary>The start of the execution.</summary>
    public void SetInput(Payload input) => _input = _services.Resolve(input);

    /// <summary>An action that the history records: the code must have made the same call.</summary>
    public void Confirm(HistoryEvent recorded)
    {
        if (!_actions.TryDequeue(out var made))
        {
            Disagree($"the history has {Describe(recorded)}, which the code did not call");
        }
        else if (made.Kind != recorded.Kind
            || made.EventId != recorded.EventId
            || !string.Equals(made.Name, recorded.Name, StringComparison.OrdinalIgnoreCase))
        {
            Disagree($"the history has {Describe(recorded)}, but the code called {Describe(made)}");
        }
    }

    /// <summary>The end of a task.</summary>
    public void Complete(HistoryEvent end)
    {
        if (end.TaskScheduledId >= _nextId)
        {
            Disagree($"the history has a result of task #{end.TaskScheduledId}, but the code has called {_nextId} tasks only");
        }
        else if (_pending.Remove(end.TaskScheduledId, out var task))
        {
            if (end.Failure is { } failure) task.Fail(new TaskFailedException(task.Name, end.TaskScheduledId, failure));
            else task.Complete(_services.Resolve(end.Data));
        }
    }

    public void Raise(HistoryEvent raised) => _events.Raise(raised);

    public void Keep(HistoryEvent raised) => _events.Keep(raised);

    /// <summary>The actions of the turn; begins a new list.</summary>
    public List<HistoryEvent> TakeActions()
    {
        var actions = new List<HistoryEvent>(_actions);
        _actions.Clear();
        return actions;
    }

    public List<int> TakeCancelledTimers()
    {
        var timers = new List<int>(_cancelledTimers);
        _cancelledTimers.Clear();
        return timers;
    }

    public string? TakeCustomStatus()
    {
        CustomStatusSet = false;
        return _services.Converter.Serialize(_customStatus);
    }

    public ContinuedEnding TakeContinuation() => new(
        _services.Converter.Serialize(_continueAsNew!.NewInput),
        string.IsNullOrWhiteSpace(_continueAsNew.NewVersion) ? _info.Version : _continueAsNew.NewVersion,
        _continueAsNew.PreserveUnprocessedEvents ? [.. _events.Buffered] : []);

    private static string Describe(HistoryEvent action) => action.Kind switch
    {
        HistoryEventKind.TaskScheduled => $"activity '{action.Name}' as task #{action.EventId}",
        HistoryEventKind.SubOrchestrationInstanceCreated => $"sub-orchestrator '{action.Name}' as task #{action.EventId}",
        HistoryEventKind.TimerCreated => $"a timer as task #{action.EventId}",
        _ => $"SendEvent '{action.Name}' as task #{action.EventId}",
    };

    private void RequireNoExtraActions()
    {
        if (_actions.TryPeek(out var extra)) Disagree($"the code called {Describe(extra)}, which the history does not have there");
    }

    private void Disagree(string what) => Mismatch ??=
        $"Orchestrator '{_info.Name}' is not deterministic, or its code changed while instance '{_info.InstanceId}' was running: {what}. " +
        "An orchestrator must make the same calls in the same order whenever it is replayed; take time, random values and I/O from the context " +
        "or from activities, and deploy changed code under a new orchestrator name.";
}
