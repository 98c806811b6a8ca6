using AgentSquad.EmbeddedHost.Orchestration.Execution;
using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>An orchestration instance. Guarded by the engine's gate.</summary>
internal sealed class Instance
{
    public required string Id { get; init; }

    /// <summary>The current execution; changes with ContinueAsNew.</summary>
    public required string ExecutionId { get; set; }

    public required string Name { get; init; }

    public string? Version { get; set; }

    public ParentLink? Parent { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public Payload Input { get; set; }

    public Payload Output { get; set; }

    public Payload CustomStatus { get; set; }

    public TaskFailureDetails? Failure { get; set; }

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    /// <summary>Whether the current execution has run its first turn.</summary>
    public bool HasBegun { get; set; }

    public required DateTime CreatedAt { get; init; }

    public DateTime LastUpdatedAt { get; set; }

    public DateTime? CompletedAt { get; set; }

    /// <summary>Earliest start, UTC; null for at once.</summary>
    public DateTime? StartAt { get; init; }

    public HistoryBuffer History { get; } = new();

    public PendingWork Pending { get; } = new();

    /// <summary>Events that no turn has taken, oldest first.</summary>
    public List<Message> Inbox { get; } = [];

    /// <summary>Blobs that payloads of this instance were moved to.</summary>
    public HashSet<string>? Blobs { get; set; }

    /// <summary>Where the finished instance is kept; null while memory has it.</summary>
    public ArchiveLocation? Archive { get; set; }

    /// <summary>Makes what is seldom asked for smaller; thousands of instances may wait for days.</summary>
    public void Compact()
    {
        Input = Input.Compact();
        CustomStatus = CustomStatus.Compact();
        Inbox.TrimExcess();
    }

    public bool IsFinished => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    // What follows is of this process only and never stored.

    /// <summary>Whether the log has the start.</summary>
    public bool IsStartLogged { get; set; }

    /// <summary>Number of the message that starts the first execution.</summary>
    public long StartMessageId { get; init; }

    /// <summary>The running orchestrator; null when it would have to be replayed.</summary>
    public OrchestrationSession? Session { get; set; }

    /// <summary>Whether a turn is queued or runs.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>The turn that runs; a late result of another is discarded.</summary>
    public Turn? CurrentTurn { get; set; }

    /// <summary>Commit of the newest record that changed the instance.</summary>
    public Task LastCommit { get; set; } = Task.CompletedTask;

    /// <summary>When the orchestrator last ran, a timestamp of the time provider.</summary>
    public long LastTurnAt { get; set; }

    /// <summary>Callers that wait for a start or an end.</summary>
    public List<TaskCompletionSource>? Watchers { get; set; }
}

/// <summary>Where a finished instance is kept.</summary>
/// <param name="Blob">Name of the archive blob.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
internal sealed record ArchiveLocation(string Blob, int Offset, int Length);
