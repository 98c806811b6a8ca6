using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Events on their way to instances.</summary>
internal sealed partial class TaskHubEngine
{
    // A turn mostly brings its messages to the log itself. One that waits longer than this is logged on its own.
    private static readonly TimeSpan LongestUnlogged = TimeSpan.FromMilliseconds(20);

    private readonly Queue<(Instance Instance, Message? Message, long Since)> _unlogged = new();
    private readonly HashSet<string> _refusedVersions = new(StringComparer.OrdinalIgnoreCase);

    private DateTime UtcNow => _options.Time.GetUtcNow().UtcDateTime;

    // Under the gate.
    private Message NewMessage(HistoryEvent content, TaskCompletionSource? committed = null) =>
        new(_state.NextMessageId(), content) { Committed = committed };

    // Under the gate.
    private void Post(Instance instance, Message message)
    {
        Deliver(instance, message);
        Schedule(instance);
    }

    // Under the gate.
    private void Deliver(Instance instance, Message message)
    {
        if (instance.IsFinished)
        {
            _state.Abandon(message.Event.Data);
            message.Committed?.TrySetResult();
            return;
        }

        instance.Inbox.Add(message);
        _state.Own(instance, message.Event.Data);
        if (!message.IsLogged) _unlogged.Enqueue((instance, message, TimeProvider.System.GetTimestamp()));
    }

    // Under the gate.
    private void Schedule(Instance instance)
    {
        if (!IsReady(instance)) return;
        instance.IsScheduled = true;
        _turns.Run(static state =>
        {
            var (engine, target) = ((TaskHubEngine, Instance))state!;
            engine.RunTurn(target, engine._turns);
        }, (this, instance));
    }

    private bool IsReady(Instance instance) =>
        !instance.IsScheduled && !instance.IsFinished && _engineState == TaskHubEngineState.Active && HasWork(instance);

    private bool HasWork(Instance instance)
    {
        if (instance.Inbox.Count == 0) return false;
        if (!MayRun(instance)) return instance.Inbox.Exists(message => message.Event.Kind == HistoryEventKind.ExecutionTerminated);
        if (instance.Status == Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Suspended)
        {
            return instance.Inbox.Exists(message =>
                message.Event.Kind is HistoryEventKind.ExecutionResumed or HistoryEventKind.ExecutionTerminated);
        }

        return IsDue(instance) || instance.Inbox.Exists(message =>
            message.Event.Kind is HistoryEventKind.ExecutionSuspended or HistoryEventKind.ExecutionTerminated);
    }

    // An orchestration of a newer version waits for code that knows it, unless it is to fail: then the turn does that.
    private bool MayRun(Instance instance)
    {
        if (_options.Versions.OnMismatch == VersionMismatch.Fail || _options.Versions.Accepts(instance.Version)) return true;
        if (_refusedVersions.Add(instance.Version ?? string.Empty))
            LogRefused(_logger, instance.Version, instance.Name, instance.Id, _options.Versions.Default, _options.Versions.Match);
        return false;
    }

    private bool IsDue(Instance instance) => instance.HasBegun || instance.StartAt is not { } startAt || startAt <= UtcNow;

    /// <param name="call">What has ended.</param>
    /// <param name="result">How.</param>
    /// <param name="here">The threads of which the caller is one; null if it is none of user code's.</param>
    private void OnActivityEnded(ActivityCall call, HistoryEvent result, UserCodeScheduler? here)
    {
        lock (_gate)
        {
            if (_engineState != TaskHubEngineState.Active) return;
            if (!IsAwaited(call))
            {
                _state.Abandon(result.Data);
                return;
            }

            Deliver(call.Instance, NewMessage(result));

            // Nobody else waits for a turn: the thread that has the result goes on with it, and no other has to wake up first.
            if (here is null || !IsReady(call.Instance) || _running.Count >= _options.MaxConcurrentOrchestratorFunctions || !_turns.IsQuiet)
            {
                Schedule(call.Instance);
                return;
            }

            call.Instance.IsScheduled = true;
        }

        RunTurn(call.Instance, here);
    }

    private static bool IsWanted(ActivityCall call) => call.IsDetached || IsAwaited(call);

    private static bool IsAwaited(ActivityCall call) => !call.Instance.IsFinished && call.Instance.ExecutionId == call.ExecutionId;

    private void OnTimersDue(IReadOnlyList<TimerEntry> due)
    {
        lock (_gate)
        {
            if (_engineState != TaskHubEngineState.Active) return;
            foreach (var entry in due)
            {
                if (!IsLive(entry)) continue;
                if (entry.TaskId == TimerEntry.ScheduledStart)
                {
                    Schedule(entry.Instance);
                    continue;
                }

                Post(entry.Instance, NewMessage(new HistoryEvent
                {
                    Kind = HistoryEventKind.TimerFired,
                    Timestamp = UtcNow,
                    TaskScheduledId = entry.TaskId,
                    FireAt = UtcNow,
                }));
            }
        }
    }

    // Under the gate.
    private static bool IsLive(TimerEntry entry) => !entry.Instance.IsFinished
        && entry.Instance.ExecutionId == entry.ExecutionId
        && (entry.TaskId == TimerEntry.ScheduledStart ? !entry.Instance.HasBegun : entry.Instance.Pending.Contains(entry.TaskId));

    // Under the gate. What no turn has taken in time goes to the log on its own, so that its sender is answered.
    private void LogUnloggedSince(TimeSpan age)
    {
        List<Change>? changes = null;
        List<Message>? messages = null;
        while (_unlogged.TryPeek(out var oldest) && TimeProvider.System.GetElapsedTime(oldest.Since) >= age)
        {
            _unlogged.Dequeue();
            var (instance, message, _) = oldest;
            if (message is { IsLogged: true } || instance.IsFinished || !instance.Inbox.Contains(message!)) continue;
            changes ??= [];
            messages ??= [];
            if (!instance.IsStartLogged)
            {
                changes.Add(StartOf(instance, messages));
                if (message!.Id == instance.StartMessageId) continue;
            }

            message!.IsLogged = true;
            messages.Add(message);
            changes.Add(new EnqueueChange(instance.Id, message.Id, message.Event));
        }

        if (changes is null || changes.Count == 0) return;
        var acknowledged = messages!;
        Append(changes, () => Acknowledge(acknowledged));
    }

    // Under the gate.
    private void LogWaiting() => LogUnloggedSince(TimeSpan.Zero);

    // Under the gate.
    private static StartChange StartOf(Instance instance, List<Message> messages)
    {
        instance.IsStartLogged = true;
        if (instance.Inbox.Find(message => message.Id == instance.StartMessageId) is { } start)
        {
            start.IsLogged = true;
            messages.Add(start);
        }

        return new StartChange(instance, instance.StartMessageId);
    }

    private static void Acknowledge(List<Message> messages)
    {
        foreach (var message in messages) message.Committed?.TrySetResult();
    }

    // Under the gate: the order of the calls is the order of the records.
    private Task<long> Append(IReadOnlyList<Change> changes, Action? effects)
    {
        foreach (var part in RecordCodec.Split(RecordCodec.Write(_recordWriter, changes))) _lastCommit = _log.Append(part);
        _commits.Add(new PendingCommit(_lastCommit, effects));
        return _lastCommit;
    }

    [LoggerMessage(50, LogLevel.Warning,
        "Orchestrations of version '{Version}' wait, for example '{Name}' of instance '{InstanceId}': host.json says defaultVersion {Default} and versionMatchStrategy {Match}. Run the version of the app that knows them, or terminate them.")]
    private static partial void LogRefused(ILogger logger, string? version, string name, string instanceId, string? @default, VersionMatch match);
}
