using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>What clients ask of the hub. Everything returns after it is durable, and shows only what is.</summary>
internal sealed partial class TaskHubEngine
{
    /// <summary>Starts an instance.</summary>
    /// <exception cref="ArgumentException">There is no such orchestrator.</exception>
    /// <exception cref="OrchestrationAlreadyExistsException">The id is taken.</exception>
    public async Task<string> ScheduleAsync(string name, string? input, StartOrchestrationOptions? options, CancellationToken cancellationToken)
    {
        RequireActive();
        if (!_invoker.HasOrchestrator(name)) throw new ArgumentException(Failures.OrchestratorNotFound(name).ErrorMessage, nameof(name));
        var id = string.IsNullOrEmpty(options?.InstanceId) ? Guid.NewGuid().ToString("N") : options.InstanceId;
        var payload = await _payloads.StoreAsync(input, cancellationToken).ConfigureAwait(false);
        var committed = NewSource();
        lock (_gate)
        {
            RequireActive();
            if (_state.Find(id) is { } existing && !MayReplace(existing, options))
            {
                _state.Abandon(payload);
                throw new OrchestrationAlreadyExistsException(id, existing.Status.ToString());
            }

            Start(id, name, payload, options, committed);
        }

        await Durable(committed.Task, cancellationToken).ConfigureAwait(false);
        return id;
    }

    /// <summary>Raises an external event. Nobody can receive it? Then the settings say whether it is refused or dropped.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public async Task RaiseEventAsync(string instanceId, string eventName, string? data, CancellationToken cancellationToken)
    {
        RequireActive();
        var payload = await _payloads.StoreAsync(data, cancellationToken).ConfigureAwait(false);
        var committed = NewSource();
        lock (_gate)
        {
            RequireActive();
            var instance = _state.Find(instanceId);
            if (instance is null or { IsFinished: true })
            {
                _state.Abandon(payload);
                if (!_options.ThrowStatusExceptionsOnRaiseEvent) return;
                if (instance is null) throw Unknown(instanceId);
                throw new InvalidOperationException(
                    $"Cannot raise event '{eventName}' for orchestration instance '{instanceId}' because the instance is in the {instance.Status} state.");
            }

            Post(instance, NewMessage(
                new HistoryEvent { Kind = HistoryEventKind.EventRaised, Timestamp = UtcNow, Name = eventName, Data = payload }, committed));
        }

        await Durable(committed.Task, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Terminates, suspends or resumes; one that has ended stays as it is.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public async Task OrderAsync(HistoryEventKind kind, string instanceId, string? reason, bool recursive, CancellationToken cancellationToken)
    {
        RequireActive();
        var payload = await _payloads.StoreAsync(reason, cancellationToken).ConfigureAwait(false);
        var committed = NewSource();
        lock (_gate)
        {
            RequireActive();
            if (_state.Find(instanceId) is not { } instance)
            {
                _state.Abandon(payload);
                throw Unknown(instanceId);
            }

            Post(instance, NewMessage(
                new HistoryEvent { Kind = kind, Timestamp = UtcNow, Data = payload, Recursive = recursive }, committed));
        }

        await Durable(committed.Task, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes ended instances and returns how many there were.</summary>
    public async Task<int> PurgeAsync(IEnumerable<string> instanceIds, bool recursive, CancellationToken cancellationToken)
    {
        RequireActive();
        var ids = new Queue<string>(instanceIds);
        var seen = new HashSet<string>(ids, StringComparer.Ordinal);
        var count = 0;
        var committed = Task.CompletedTask;
        while (ids.TryDequeue(out var id))
        {
            if (recursive)
            {
                foreach (var child in await GetChildrenAsync(id, cancellationToken).ConfigureAwait(false)) if (seen.Add(child)) ids.Enqueue(child);
            }

            lock (_gate)
            {
                RequireActive();
                if (_state.Find(id) is not { IsFinished: true }) continue;
                var change = new PurgeChange(id);
                _state.Apply(change);
                _removals++;
                committed = Append([change], _readModel is null ? null : () => _readModel.Remove(id));
                count++;
            }
        }

        await Durable(committed, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Waits until an instance has begun, or has ended.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public async Task<InstanceSnapshot> WaitAsync(string instanceId, bool untilEnd, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = NewSource();
            Instance instance;
            lock (_gate)
            {
                RequireActive();
                instance = Require(instanceId);
                if (!(untilEnd ? instance.IsFinished : instance.Status != OrchestrationRuntimeStatus.Pending))
                {
                    (instance.Watchers ??= []).Add(changed);
                }
                else
                {
                    changed.TrySetResult();
                }
            }

            try
            {
                await Durable(changed.Task, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (_gate) instance.Watchers?.Remove(changed);
            }

            var row = await GetSnapshotAsync(instanceId, cancellationToken).ConfigureAwait(false);
            if (row is null) throw Unknown(instanceId);
            if (untilEnd ? IsEnd(row.Status) : row.Status != OrchestrationRuntimeStatus.Pending) return row;
        }
    }

    private static bool IsEnd(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ArgumentException Unknown(string instanceId) => new($"No instance with ID '{instanceId}' was found.", nameof(instanceId));

    private Instance Require(string instanceId) => _state.Find(instanceId) ?? throw Unknown(instanceId);

    private bool MayReplace(Instance existing, StartOrchestrationOptions? options)
    {
        // As in the official SDK: who names statuses that refuse allows all others.
        if (options?.DedupeStatuses is { } refused) return !refused.Contains(existing.Status.ToString(), StringComparer.OrdinalIgnoreCase);
        return existing.IsFinished || _options.OverrideRunningInstances;
    }

    // Under the gate.
    private void Start(string id, string name, Payload input, StartOrchestrationOptions? options, TaskCompletionSource committed)
    {
        if (_state.Find(id) is { IsFinished: false } running) Override(running);
        var now = UtcNow;
        var instance = new Instance
        {
            Id = id,
            ExecutionId = Guid.NewGuid().ToString("N"),
            Name = name,
            Version = string.IsNullOrEmpty(options?.Version?.Version) ? _options.Versions.Default : options.Version.Value.Version,
            Tags = options?.Tags is { Count: > 0 } tags ? tags : null,
            Input = input,
            CreatedAt = now,
            LastUpdatedAt = now,
            StartAt = options?.StartAt?.UtcDateTime is { } startAt && startAt > now ? startAt : null,
            StartMessageId = _state.NextMessageId(),
            LastCommit = committed.Task,
        };
        _state.Own(instance, input);
        _state.Put(instance);
        Post(instance, new Message(instance.StartMessageId, HubState.StartEvent(instance)) { Committed = committed });
        if (instance.StartAt is { } later)
        {
            LogWaiting();
            _timers.Add(new TimerEntry(instance, instance.ExecutionId, TimerEntry.ScheduledStart), later);
        }
    }

    // Under the gate. The running instance ends as terminated before the new one takes its place.
    private void Override(Instance running)
    {
        var turn = new Turn { Time = UtcNow };
        turn.Events.Add(new HistoryEvent { Kind = HistoryEventKind.ExecutionTerminated, Timestamp = turn.Time });
        var writer = new ByteWriter();
        List<HistoryEvent> events = [.. turn.Events, Completed(turn, OrchestrationRuntimeStatus.Terminated)];
        foreach (var item in events) HistoryCodec.Write(writer, item);
        running.CurrentTurn = null;
        _running.Remove(running);
        Commit(running, turn, new TurnChange
        {
            InstanceId = running.Id,
            Time = turn.Time,
            Consumed = [],
            Events = events,
            StoredEvents = writer.ToArray(),
        }, null);
    }

    // Waits for the commit, or learns that there is no hub any more that could make it.
    private async Task Durable(Task committed, CancellationToken cancellationToken)
    {
        if (!committed.IsCompleted)
        {
            await Task.WhenAny(committed, _ended.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!committed.IsCompleted) throw new TaskHubUnavailableException(_engineState, await _ended.Task.ConfigureAwait(false));
        }

        try
        {
            await committed.ConfigureAwait(false);
        }
        catch (TaskHub.TaskHubLostException exception)
        {
            throw new TaskHubUnavailableException(TaskHubEngineState.Lost, exception);
        }
    }
}
