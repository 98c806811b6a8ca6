using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Rewinding failed instances, with the failed sub-orchestrations that they failed of.</summary>
internal sealed partial class TaskHubEngine
{
    /// <summary>Takes a failed instance back to before its failure and lets it go on.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has not failed.</exception>
    public async Task RewindAsync(string instanceId, string? reason, CancellationToken cancellationToken)
    {
        RequireActive();
        var payload = await _payloads.StoreAsync(reason, cancellationToken).ConfigureAwait(false);
        Task committed;
        try
        {
            var plan = new RewindPlan();
            await AddToPlanAsync(plan, instanceId, payload, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                RequireActive();
                committed = Rewind(plan);
            }
        }
        catch (Exception)
        {
            lock (_gate) _state.Abandon(payload);
            throw;
        }

        await Durable(committed, cancellationToken).ConfigureAwait(false);
    }

    private static InvalidOperationException NotFailed(Instance instance) => new(
        $"Only a failed orchestration can be rewound, but the instance '{instance.Id}' has status {instance.Status}.");

    // Reads what is to be rewound; archives are read outside the gate.
    private async Task AddToPlanAsync(RewindPlan plan, string rootId, Payload reason, CancellationToken cancellationToken)
    {
        var ids = new Queue<string>([rootId]);
        while (ids.TryDequeue(out var id))
        {
            if (plan.Ended.ContainsKey(id)) continue;
            var (live, whole) = await ReadEndedAsync(id, cancellationToken).ConfigureAwait(false);
            if (live is null && id == rootId) throw Unknown(id);
            if (live is not null && id == rootId && live.Status != OrchestrationRuntimeStatus.Failed) throw NotFailed(live);
            if (live is null || whole is null) continue;
            plan.Ended.Add(id, (live, whole));
            if (live.Status != OrchestrationRuntimeStatus.Failed) continue;
            var rewound = RewoundInstance.Of(whole, UtcNow, reason);
            plan.Rewound.Add(rewound);
            foreach (var call in rewound.Redone) if (call.Kind == HistoryEventKind.SubOrchestrationInstanceCreated) ids.Enqueue(call.Target!);
        }
    }

    // The instance as the hub knows it, and as a whole; nothing for one that is unknown or has not ended.
    private async Task<(Instance? Live, Instance? Whole)> ReadEndedAsync(string instanceId, CancellationToken cancellationToken)
    {
        Instance live;
        lock (_gate)
        {
            if (_state.Find(instanceId) is not { } found) return default;
            live = found;
        }

        await Durable(live.LastCommit, cancellationToken).ConfigureAwait(false);
        if (!live.IsFinished) return (live, null);

        // It may be archived at this very moment; then the archive has it.
        if (live.Archive is not { } archive)
        {
            lock (_gate)
            {
                if (live.Archive is null) return (live, InstanceCodec.Copy(live));
                archive = live.Archive;
            }
        }

        var whole = await ReadArchivedAsync(instanceId, archive, cancellationToken).ConfigureAwait(false);
        return whole is null ? default : (live, whole);
    }

    // Under the gate.
    private Task<long> Rewind(RewindPlan plan)
    {
        RequireUnchanged(plan);

        var record = new RecordInProgress();
        foreach (var (instance, carried, _) in plan.Rewound)
        {
            foreach (var item in carried) instance.Inbox.Add(new Message(_state.NextMessageId(), item) { IsLogged = true });
            var change = new RewindChange(instance);
            _state.Apply(change);
            record.Changes.Add(change);
            if (_readModel is not null) record.Snapshots.Add(SnapshotOf(instance));
        }

        foreach (var (instance, _, redone) in plan.Rewound)
        {
            foreach (var call in redone) DoAgain(instance, call, plan, record);
        }

        var committed = Append(record.Changes, () => MakeVisible(record));
        foreach (var started in record.Changes.OfType<StartChange>()) started.Instance.LastCommit = committed;
        foreach (var (target, message) in record.Posts) Post(target, message);
        foreach (var (instance, _, _) in plan.Rewound)
        {
            instance.LastCommit = committed;
            Schedule(instance);
        }

        return committed;
    }

    private void DoAgain(Instance instance, HistoryEvent call, RewindPlan plan, RecordInProgress record)
    {
        switch (call.Kind)
        {
            case HistoryEventKind.TaskScheduled:
                record.Activities.Add(new ActivityCall(instance, instance.ExecutionId, call, IsDetached: false));
                break;
            case HistoryEventKind.TimerCreated:
                record.Timers.Add((new TimerEntry(instance, instance.ExecutionId, call.EventId), call.FireAt!.Value));
                break;
            default:
                // One that still runs tells of its end by itself.
                if (ChildOf(instance, call) is not { } child) StartChild(instance, instance.ExecutionId, call, record);
                else if (child.IsFinished) Send(instance.Id, EndForParent(plan.Ended.TryGetValue(child.Id, out var ended) ? ended.Whole : child, child.Parent!), record);
                break;
        }
    }

    private void RequireUnchanged(RewindPlan plan)
    {
        foreach (var (live, _) in plan.Ended.Values) if (_state.Find(live.Id) != live) throw Changed(live.Id);
        foreach (var (instance, _, redone) in plan.Rewound)
        {
            foreach (var call in redone)
            {
                if (ChildOf(instance, call) is { Archive: not null } child && !plan.Ended.ContainsKey(child.Id)) throw Changed(child.Id);
            }
        }

        static InvalidOperationException Changed(string id) =>
            new($"The instance '{id}' was changed by somebody else at the same time; look and try again.");
    }

    // The sub-orchestration that a call has started; null if it is gone or its id is another's by now.
    private Instance? ChildOf(Instance instance, HistoryEvent call) =>
        call.Kind == HistoryEventKind.SubOrchestrationInstanceCreated
        && _state.Find(call.Target!) is { Parent: { } link } child
        && link.InstanceId == instance.Id
        && link.ExecutionId == instance.ExecutionId
        && link.TaskId == call.EventId
            ? child
            : null;

    /// <summary>What a rewind changes.</summary>
    private sealed class RewindPlan
    {
        /// <summary>Ended instances that were looked at: as the hub knows them, and as a whole.</summary>
        public Dictionary<string, (Instance Live, Instance Whole)> Ended { get; } = new(StringComparer.Ordinal);

        public List<RewoundInstance> Rewound { get; } = [];
    }
}
