using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Committing turns: one record for the turn and all that follows from it in other instances.</summary>
internal sealed partial class TaskHubEngine
{
    // Under the gate.
    private void Commit(Instance instance, Turn turn, TurnChange change, TurnOutcome? outcome)
    {
        var record = new RecordInProgress();
        if (!instance.IsStartLogged) record.Changes.Add(StartOf(instance, record.Acknowledged));
        var consumed = turn.Taken.Where(message => message.IsLogged).Select(message => message.Id).ToList();
        Remove(instance.Inbox, turn.Taken);
        if (change.Events.Count == 0 && consumed.Count == 0 && record.Changes.Count == 0)
        {
            Acknowledge(turn.Taken);
            return;
        }

        record.Acknowledged.AddRange(turn.Taken);
        change = change with
        {
            Consumed = consumed,
            Carried = [.. change.Carried.Select(item => (_state.NextMessageId(), item.Event))],
        };
        record.Changes.Add(change);
        var status = instance.Status;
        var executionId = instance.ExecutionId;
        var children = ChildrenToTerminate(instance, turn);
        if (Ends(change)) record.Acknowledged.AddRange(instance.Inbox);
        _state.Apply(change);

        foreach (var item in change.Events) FollowUp(instance, executionId, item, record);
        foreach (var child in children) Send(child, TerminationOf(turn), record);
        if (instance.IsFinished) End(instance, outcome, record);
        else if (instance.ExecutionId != executionId) instance.Session = null;
        if (instance.Status != status && instance.Watchers is { } watchers)
        {
            instance.Watchers = null;
            record.Watchers.AddRange(watchers);
        }

        if (_readModel is not null) record.Snapshots.Add(SnapshotOf(instance));
        instance.LastCommit = Append(record.Changes, () => MakeVisible(record));
        foreach (var started in record.Changes.OfType<StartChange>()) started.Instance.LastCommit = instance.LastCommit;
        foreach (var (target, message) in record.Posts) Post(target, message);
    }

    private static bool Ends(TurnChange change) => change.Events is [.., { Kind: HistoryEventKind.ExecutionCompleted }];

    private static void Remove(List<Message> inbox, List<Message> taken)
    {
        if (taken.Count == inbox.Count)
        {
            inbox.Clear();
            return;
        }

        var gone = taken.ToHashSet();
        inbox.RemoveAll(gone.Contains);
    }

    private void FollowUp(Instance instance, string executionId, HistoryEvent item, RecordInProgress record)
    {
        switch (item.Kind)
        {
            case HistoryEventKind.TaskScheduled:
                var isDetached = instance.IsFinished || instance.ExecutionId != executionId;
                record.Activities.Add(new ActivityCall(instance, executionId, item, isDetached));
                break;
            case HistoryEventKind.TimerCreated when instance.Pending.Contains(item.EventId):
                record.Timers.Add((new TimerEntry(instance, executionId, item.EventId), item.FireAt!.Value));
                break;
            case HistoryEventKind.SubOrchestrationInstanceCreated:
                StartChild(instance, executionId, item, record);
                break;
            case HistoryEventKind.EventSent:
                Send(item.Target!, item with { Kind = HistoryEventKind.EventRaised, EventId = HistoryEvent.NoId, Target = null }, record);
                break;
            case HistoryEventKind.ContinueAsNew:
                Schedule(instance);
                break;
            default:
                break;
        }
    }

    private void StartChild(Instance parent, string executionId, HistoryEvent call, RecordInProgress record)
    {
        if (_state.Find(call.Target!) is { IsFinished: false })
        {
            Send(parent.Id, new HistoryEvent
            {
                Kind = HistoryEventKind.SubOrchestrationInstanceFailed,
                Timestamp = UtcNow,
                TaskScheduledId = call.EventId,
                Failure = Failures.Of(
                    typeof(InvalidOperationException).FullName!,
                    $"An Orchestration instance with the ID {call.Target} already exists and has not ended."),
            }, record);
            return;
        }

        var now = UtcNow;
        var child = new Instance
        {
            Id = call.Target!,
            ExecutionId = Guid.NewGuid().ToString("N"),
            Name = call.Name!,
            Version = call.Version,
            Parent = new ParentLink(parent.Name, parent.Id, executionId, call.EventId),
            Input = call.Data,
            CreatedAt = now,
            LastUpdatedAt = now,
            StartMessageId = _state.NextMessageId(),
            IsStartLogged = true,
        };
        _state.Own(child, child.Input);
        _state.Put(child);
        record.Changes.Add(new StartChange(child, child.StartMessageId));
        record.Posts.Add((child, new Message(child.StartMessageId, HubState.StartEvent(child)) { IsLogged = true }));
        if (_readModel is not null) record.Snapshots.Add(SnapshotOf(child));
    }

    private void End(Instance instance, TurnOutcome? outcome, RecordInProgress record)
    {
        if (outcome?.Ending is null) GiveUpSession(instance);
        else instance.Session = null;
        if (instance.Parent is { } link
            && _state.Find(link.InstanceId) is { IsFinished: false } parent
            && parent.ExecutionId == link.ExecutionId)
        {
            Send(parent.Id, EndForParent(instance, link), record);
        }

        record.Finished = instance;
    }

    private static HistoryEvent EndForParent(Instance instance, ParentLink link) => new()
    {
        Kind = instance.Status == OrchestrationRuntimeStatus.Completed
            ? HistoryEventKind.SubOrchestrationInstanceCompleted
            : HistoryEventKind.SubOrchestrationInstanceFailed,
        Timestamp = instance.LastUpdatedAt,
        TaskScheduledId = link.TaskId,
        Data = instance.Status == OrchestrationRuntimeStatus.Completed ? instance.Output : Payload.None,
        Failure = instance.Status switch
        {
            OrchestrationRuntimeStatus.Completed => null,
            OrchestrationRuntimeStatus.Terminated => Failures.Of(
                "Microsoft.DurableTask.OrchestrationTerminated", $"Orchestration '{instance.Name}' ({instance.Id}) was terminated."),
            _ => instance.Failure is { } failure ? Failures.ForParent(failure) : null,
        },
    };

    private void Send(string instanceId, HistoryEvent content, RecordInProgress record)
    {
        if (_state.Find(instanceId) is not { IsFinished: false } target) return;
        var message = new Message(_state.NextMessageId(), content) { IsLogged = true };
        if (!target.IsStartLogged) record.Changes.Add(StartOf(target, record.Acknowledged));
        record.Changes.Add(new EnqueueChange(instanceId, message.Id, content));
        record.Posts.Add((target, message));
    }

    private static List<string> ChildrenToTerminate(Instance instance, Turn turn) =>
        turn.Events is [{ Kind: HistoryEventKind.ExecutionTerminated, Recursive: true }, ..]
            ? [.. instance.Pending.All.Where(call => call.Kind == HistoryEventKind.SubOrchestrationInstanceCreated).Select(call => call.Target!)]
            : [];

    private static HistoryEvent TerminationOf(Turn turn) => turn.Events[0];

    // On the commit thread: the record is durable.
    private void MakeVisible(RecordInProgress record)
    {
        foreach (var call in record.Activities) _activities.Add(call);
        foreach (var (entry, dueAt) in record.Timers) _timers.Add(entry, dueAt);
        Acknowledge(record.Acknowledged);
        foreach (var watcher in record.Watchers) watcher.TrySetResult();
        foreach (var row in record.Snapshots) _readModel!.Publish(row);
        if (record.Finished is not { } finished) return;
        if (finished is { Status: OrchestrationRuntimeStatus.Failed, Failure: { } failure })
        {
            LogFailed(_logger, finished.Name, finished.Id, failure.ErrorType, failure.ErrorMessage);
        }

        lock (_gate) _finished.Enqueue((finished, _options.Time.GetTimestamp()));
    }

    [LoggerMessage(30, LogLevel.Error, "Orchestrator '{Name}' of instance '{InstanceId}' failed with {ErrorType}: {ErrorMessage}")]
    private static partial void LogFailed(ILogger logger, string name, string instanceId, string errorType, string errorMessage);

    /// <summary>A record while it is put together, and what becomes visible with it.</summary>
    private sealed class RecordInProgress
    {
        public List<Change> Changes { get; } = new(2);

        public List<Message> Acknowledged { get; } = [];

        public List<(Instance Target, Message Message)> Posts { get; } = [];

        public List<ActivityCall> Activities { get; } = [];

        public List<(TimerEntry Entry, DateTime DueAt)> Timers { get; } = [];

        public List<TaskCompletionSource> Watchers { get; } = [];

        public List<InstanceSnapshot> Snapshots { get; } = [];

        public Instance? Finished { get; set; }
    }
}
