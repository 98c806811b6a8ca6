using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>One event of an instance's history. Which members are set depends on <see cref="Kind"/>.</summary>
internal sealed record HistoryEvent
{
    /// <summary>Value of <see cref="EventId"/> and <see cref="TaskScheduledId"/> where they mean nothing.</summary>
    public const int NoId = -1;

    public required HistoryEventKind Kind { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime Timestamp { get; init; }

    /// <summary>Number of the task that this event creates.</summary>
    public int EventId { get; init; } = NoId;

    /// <summary>Number of the task that this event ends.</summary>
    public int TaskScheduledId { get; init; } = NoId;

    /// <summary>Name of the orchestrator, activity, sub-orchestrator or external event.</summary>
    public string? Name { get; init; }

    /// <summary>Input, result, event payload, reason or output.</summary>
    public Payload Data { get; init; }

    /// <summary>How a task, a sub-orchestration or the instance failed.</summary>
    public TaskFailureDetails? Failure { get; init; }

    /// <summary>When a timer fires, UTC.</summary>
    public DateTime? FireAt { get; init; }

    /// <summary>Instance id of a sub-orchestration or of the receiver of a sent event; execution id where an execution starts.</summary>
    public string? Target { get; init; }

    /// <summary>Version of a called task or of the execution that starts.</summary>
    public string? Version { get; init; }

    /// <summary>Final status, for <see cref="HistoryEventKind.ExecutionCompleted"/>.</summary>
    public OrchestrationRuntimeStatus Status { get; init; }

    /// <summary>Whether children share the fate, for <see cref="HistoryEventKind.ExecutionTerminated"/>.</summary>
    public bool Recursive { get; init; }

    public override string ToString() => $"{Kind} #{(EventId == NoId ? TaskScheduledId : EventId)} {Name}";
}
