using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Turns: an instance takes its messages, its orchestrator runs, the decisions are committed.</summary>
internal sealed partial class TaskHubEngine
{
    private static readonly TimeSpan RetryAfterStorageFailure = TimeSpan.FromSeconds(1);

    private readonly HashSet<Instance> _awake = [];
    private readonly HashSet<Instance> _running = [];

    // On a thread for user code, one of those given.
    private void RunTurn(Instance instance, UserCodeScheduler threads)
    {
        Turn turn;
        lock (_gate)
        {
            if (_engineState != TaskHubEngineState.Active || instance.IsFinished) return;
            turn = TakeMessages(instance);
            turn.Threads = threads;
            instance.CurrentTurn = turn;
            _running.Add(instance);
        }

        try
        {
            var outcome = turn.RunsCode ? RunCode(instance, turn) : null;
            var change = EncodeAsync(instance, turn, outcome).GetAwaiter().GetResult();
            lock (_gate)
            {
                if (instance.CurrentTurn != turn || _engineState != TaskHubEngineState.Active)
                {
                    if (turn.IsGivenUp) LateTurn(instance, threads);
                    return;
                }

                Commit(instance, turn, change, outcome);
                EndTurn(instance);
            }
        }
        catch (Exception exception)
        {
            // Storage for payloads did not answer, or the engine itself is at fault: the turn has not happened. Replay it later.
            RetryTurn(instance, turn, exception);
        }
    }

    // Under the gate.
    private void EndTurn(Instance instance)
    {
        instance.CurrentTurn = null;
        instance.IsScheduled = false;
        _running.Remove(instance);
        instance.LastTurnAt = _options.Time.GetTimestamp();
        if (instance.Session is { } session)
        {
            _awake.Add(instance);
            if (session.SawForeignWork) OnForeignWork(instance, session);
        }
        else
        {
            _awake.Remove(instance);
            if (!instance.IsFinished) _asleep.Add(instance);
        }

        Schedule(instance);
    }

    private void LateTurn(Instance instance, UserCodeScheduler threads)
    {
        threads.RemoveReplacement();
        LogLateTurn(_logger, instance.Name, instance.Id);
    }

    private void RetryTurn(Instance instance, Turn turn, Exception exception)
    {
        if (_stopping.IsCancellationRequested) return;
        LogTurnFailed(_logger, exception, instance.Name, instance.Id);
        lock (_gate)
        {
            if (instance.CurrentTurn != turn) return;
            GiveUpSession(instance);
            instance.CurrentTurn = null;
            _running.Remove(instance);
        }

        _ = Task.Delay(RetryAfterStorageFailure, _stopping.Token).ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    instance.IsScheduled = false;
                    Schedule(instance);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);
    }

    // Under the gate. Messages stay in the inbox until the turn is committed.
    private Turn TakeMessages(Instance instance)
    {
        var turn = new Turn { StartedAt = _options.Time.GetTimestamp() };
        var now = UtcNow;
        if (now < instance.LastUpdatedAt) now = instance.LastUpdatedAt;

        var termination = instance.Inbox.Find(message => message.Event.Kind == HistoryEventKind.ExecutionTerminated);
        if (termination is not null)
        {
            turn.Taken.Add(termination);
            turn.Events.Add(termination.Event);
            turn.Time = now;
            return turn;
        }

        var suspended = instance.Status == OrchestrationRuntimeStatus.Suspended;
        var begun = instance.HasBegun;
        var due = IsDue(instance);
        var ended = new HashSet<int>();
        foreach (var message in instance.Inbox)
        {
            var item = message.Event;
            var isOrder = item.Kind is HistoryEventKind.ExecutionSuspended or HistoryEventKind.ExecutionResumed;
            if (!isOrder && (suspended || !due)) continue;
            turn.Taken.Add(message);
            switch (item.Kind)
            {
                case HistoryEventKind.ExecutionSuspended when !suspended:
                    suspended = true;
                    turn.Events.Add(item);
                    break;
                case HistoryEventKind.ExecutionResumed when suspended:
                    suspended = false;
                    turn.Events.Add(item);
                    break;
                case HistoryEventKind.ExecutionStarted when !begun:
                    begun = true;
                    turn.Events.Add(item);
                    turn.RunsCode = true;
                    break;
                case HistoryEventKind.OrchestratorStarted:
                    turn.RunsCode = begun;
                    break;
                case HistoryEventKind.EventRaised:
                    turn.Events.Add(item);
                    turn.RunsCode = true;
                    break;
                default:
                    // A result that nobody waits for any more is dropped.
                    if (item.TaskScheduledId == HistoryEvent.NoId) break;
                    if (!instance.Pending.Contains(item.TaskScheduledId) || !ended.Add(item.TaskScheduledId)) break;
                    if (item.FireAt > now) now = item.FireAt.Value;
                    turn.Events.Add(item);
                    turn.RunsCode = true;
                    break;
            }
        }

        // What came while the instance was suspended is seen by the code after the turn that resumed it has begun.
        turn.Time = now;
        if (turn.RunsCode)
        {
            turn.Events.Insert(0, new HistoryEvent { Kind = HistoryEventKind.OrchestratorStarted, Timestamp = now });
        }

        return turn;
    }

    private TurnOutcome RunCode(Instance instance, Turn turn)
    {
        if (instance.Session is { } session) return session.Run([], turn.Events);
        if (!_options.Versions.Accepts(instance.Version))
        {
            var mismatch = Failures.WrongVersion(instance.Name, instance.Version, _options.Versions);
            return new TurnOutcome { Actions = [], CancelledTimers = [], Ending = new FailedEnding(mismatch) };
        }

        if (!_invoker.HasOrchestrator(instance.Name))
        {
            return new TurnOutcome { Actions = [], CancelledTimers = [], Ending = new FailedEnding(Failures.OrchestratorNotFound(instance.Name)) };
        }

        var parent = instance.Parent is { } link ? new ParentOrchestrationInstance(link.Name, link.InstanceId) : null;
        session = new OrchestrationSession(
            new SessionInfo(instance.Name, instance.Id, instance.Version, parent),
            _sessions,
            foreign => OnForeignWork(instance, foreign));
        instance.Session = session;
        return session.Run(HistoryCodec.ReadAll(Unpacked(instance).Span), turn.Events);
    }

    // From any thread: an orchestrator awaited something that is not durable, and that has just ended.
    private void OnForeignWork(Instance instance, OrchestrationSession session)
    {
        lock (_gate)
        {
            if (instance.Session != session || instance.CurrentTurn is not null || instance.IsFinished) return;

            // A turn without news is enough: its outcome is the failure.
            Post(instance, NewMessage(new HistoryEvent { Kind = HistoryEventKind.OrchestratorStarted, Timestamp = UtcNow }));
        }
    }

    // Under the gate. What hangs on the session's token is user code, so it is told elsewhere.
    private void GiveUpSession(Instance instance)
    {
        if (instance.Session is not { } session) return;
        instance.Session = null;
        _awake.Remove(instance);
        ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.Dispose(), session, preferLocal: false);
    }

    [LoggerMessage(20, LogLevel.Error, "A turn of orchestrator '{Name}' of instance '{InstanceId}' could not be committed; it is tried again.")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, string name, string instanceId);

    [LoggerMessage(21, LogLevel.Warning, "Orchestrator '{Name}' of instance '{InstanceId}' came back after it was given up; what it did is discarded.")]
    private static partial void LogLateTurn(ILogger logger, string name, string instanceId);
}
