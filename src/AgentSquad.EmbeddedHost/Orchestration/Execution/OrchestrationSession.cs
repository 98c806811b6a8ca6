using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>
/// A running orchestrator in memory: fed with history events turn by turn. A new session over an old history replays it first; a session
/// that stays alive never does.
/// </summary>
internal sealed class OrchestrationSession : IDisposable
{
    private readonly SessionInfo _info;
    private readonly SessionServices _services;
    private readonly TurnSynchronizationContext _turn;
    private readonly EngineOrchestrationContext _context;
    private readonly CancellationTokenSource _ended = new();
    private Task<string?>? _execution;

    /// <param name="info">The execution.</param>
    /// <param name="services">What runs and reads for it.</param>
    /// <param name="foreignWork">Called, from any thread, when the orchestrator awaited something that is not durable.</param>
    public OrchestrationSession(SessionInfo info, SessionServices services, Action<OrchestrationSession> foreignWork)
    {
        _info = info;
        _services = services;
        _turn = new TurnSynchronizationContext(() => foreignWork(this));
        _context = new EngineOrchestrationContext(info, services, _turn);
    }

    /// <summary>Whether the orchestrator awaited something that is not durable.</summary>
    public bool SawForeignWork => _turn.SawForeignWork;

    /// <summary>Runs one turn on the calling thread.</summary>
    /// <param name="past">History before this turn, for a new session over an old execution; else empty.</param>
    /// <param name="incoming">New events; the first is <see cref="HistoryEventKind.OrchestratorStarted"/>.</param>
    public TurnOutcome Run(IReadOnlyList<HistoryEvent> past, IReadOnlyList<HistoryEvent> incoming)
    {
        _turn.Run(() =>
        {
            _context.SetReplaying(true);
            Feed(past);
            if (past.Count > 0) _context.EndReplay(IsOver);
            _context.SetReplaying(false);
            Feed(incoming);
        });
        return Outcome();
    }

    /// <summary>Lets go of the execution; what it still awaits never happens.</summary>
    public void Dispose()
    {
        try
        {
            _ended.Cancel();
        }
        catch (AggregateException)
        {
            // A callback of user code failed; the execution is gone all the same.
        }

        _ended.Dispose();
    }

    private bool IsOver => _execution is { IsCompleted: true };

    private void Feed(IReadOnlyList<HistoryEvent> events)
    {
        foreach (var item in events)
        {
            if (_context.Mismatch is not null) return;
            if (!IsOver)
            {
                Feed(item);
                _turn.Drain();
            }
            else if (item.Kind == HistoryEventKind.EventRaised)
            {
                // It came with the end; the next execution may want it.
                _context.Keep(item);
            }
        }
    }

    private void Feed(HistoryEvent item)
    {
        switch (item.Kind)
        {
            case HistoryEventKind.OrchestratorStarted:
                _context.BeginTurn(item.Timestamp);
                break;
            case HistoryEventKind.ExecutionStarted:
                _context.SetInput(item.Data);
                _execution = Invoke();
                break;
            case HistoryEventKind.TaskScheduled:
            case HistoryEventKind.SubOrchestrationInstanceCreated:
            case HistoryEventKind.TimerCreated:
            case HistoryEventKind.EventSent:
                _context.Confirm(item);
                break;
            case HistoryEventKind.TaskCompleted:
            case HistoryEventKind.TaskFailed:
            case HistoryEventKind.SubOrchestrationInstanceCompleted:
            case HistoryEventKind.SubOrchestrationInstanceFailed:
            case HistoryEventKind.TimerFired:
                _context.Complete(item);
                break;
            case HistoryEventKind.EventRaised:
                _context.Raise(item);
                break;
            default:
                // Suspensions and the end itself are the engine's; the code never sees them.
                break;
        }
    }

    private Task<string?> Invoke()
    {
        try
        {
            return _services.Invoker.InvokeOrchestratorAsync(_context, _ended.Token);
        }
        catch (Exception exception)
        {
            // An orchestrator that is no async method throws from the call itself.
            return Task.FromException<string?>(exception);
        }
    }

    private TurnOutcome Outcome()
    {
        var ending = End();
        var statusSet = _context.CustomStatusSet;
        string? status = null;
        try
        {
            if (statusSet) status = _context.TakeCustomStatus();
        }
        catch (Exception exception)
        {
            // A status that cannot be serialized is the orchestrator's failure, like an output.
            ending = new FailedEnding(Failures.OfOrchestrator(exception));
            statusSet = false;
        }

        return new TurnOutcome
        {
            Actions = _context.TakeActions(),
            CancelledTimers = _context.TakeCancelledTimers(),
            CustomStatusSet = statusSet,
            CustomStatus = status,
            Ending = ending,
        };
    }

    private Ending? End()
    {
        if (_context.Mismatch is { } mismatch) return new FailedEnding(Failures.Of(Failures.NonDeterministic, mismatch));
        if (_turn.SawForeignWork || (!IsOver && !_context.IsWaiting)) return new FailedEnding(NotDurable());
        if (!IsOver) return null;

        try
        {
            var output = _execution!.GetAwaiter().GetResult();
            return _context.ContinuesAsNew ? _context.TakeContinuation() : new CompletedEnding(output);
        }
        catch (Exception exception)
        {
            // Whatever the orchestrator threw is its result.
            return new FailedEnding(Failures.OfOrchestrator(exception));
        }
    }

    private Microsoft.DurableTask.TaskFailureDetails NotDurable() => Failures.Of(
        typeof(InvalidOperationException).FullName!,
        $"An invalid asynchronous invocation was detected in orchestrator '{_info.Name}' of instance '{_info.InstanceId}': it awaits a task that is " +
        "not durable, so nobody could resume it after a restart. Await only tasks of TaskOrchestrationContext (activities, sub-orchestrations, " +
        "CreateTimer instead of Task.Delay, external events), without ConfigureAwait(false), and move other I/O and Task.Run into activities.");
}
