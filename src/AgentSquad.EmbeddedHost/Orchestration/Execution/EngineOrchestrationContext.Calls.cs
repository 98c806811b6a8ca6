using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>The calls that become actions.</summary>
internal sealed partial class EngineOrchestrationContext
{
    private readonly Dictionary<int, PendingTask> _pending = [];
    private readonly Queue<HistoryEvent> _actions = new();
    private readonly List<int> _cancelledTimers = [];
    private int _nextId;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        VerifyTurn();
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} value was given as the activity's input. Pass it as {nameof(options)}.", nameof(input));
        }

        var version = options?.Version is { } given ? given.Version : Version;
        return options?.Retry is { } retry ? RetryLoop.RunAsync(this, retry, Call) : Call();

        Task<TResult> Call() => Schedule<TResult>(new HistoryEvent
        {
            Kind = HistoryEventKind.TaskScheduled,
            Timestamp = _now,
            EventId = _nextId++,
            Name = name.Name,
            Data = Serialize(input),
            Version = NullIfEmpty(version),
        });
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        VerifyTurn();
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var version = options?.Version is { } given ? given.Version : _services.DefaultVersion;
        return options?.Retry is { } retry ? RetryLoop.RunAsync(this, retry, Call) : Call();

        Task<TResult> Call() => Schedule<TResult>(new HistoryEvent
        {
            Kind = HistoryEventKind.SubOrchestrationInstanceCreated,
            Timestamp = _now,
            EventId = _nextId++,
            Name = orchestratorName.Name,
            Data = Serialize(input),
            Target = instanceId,
            Version = NullIfEmpty(version),
        });
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        VerifyTurn();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);

        var id = _nextId++;
        var pending = new PendingTask<object?>("timer", _services.Converter);
        _pending.Add(id, pending);
        _actions.Enqueue(new HistoryEvent
        {
            Kind = HistoryEventKind.TimerCreated,
            Timestamp = _now,
            EventId = id,
            FireAt = fireAt.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(fireAt, DateTimeKind.Utc) : fireAt.ToUniversalTime(),
        });
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.UnsafeRegister(
                _ =>
                {
                    if (!_pending.Remove(id)) return;
                    if (!_isReplaying) _cancelledTimers.Add(id);
                    pending.Cancel(cancellationToken);
                },
                null);
        }

        return pending.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        VerifyTurn();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return _events.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        VerifyTurn();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        _actions.Enqueue(new HistoryEvent
        {
            Kind = HistoryEventKind.EventSent,
            Timestamp = _now,
            EventId = _nextId++,
            Name = eventName,
            Data = Serialize(payload),
            Target = instanceId,
        });
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private Task<T> Schedule<T>(HistoryEvent action)
    {
        var pending = new PendingTask<T>(action.Name!, _services.Converter);
        _pending.Add(action.EventId, pending);
        _actions.Enqueue(action);
        return pending.Task;
    }

    // What is replayed has been stored before; only its name and number are compared.
    private Payload Serialize(object? value) => _isReplaying ? Payload.None : new Payload(_services.Converter.Serialize(value));
}
