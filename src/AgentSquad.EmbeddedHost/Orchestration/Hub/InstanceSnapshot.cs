using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>State of an instance for readers outside; payloads that are blobs are given by name.</summary>
internal sealed record InstanceSnapshot
{
    public required string InstanceId { get; init; }

    public required string ExecutionId { get; init; }

    public required string Name { get; init; }

    public string? Version { get; init; }

    public required OrchestrationRuntimeStatus Status { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime LastUpdatedAt { get; init; }

    public DateTime? CompletedAt { get; init; }

    public DateTime? StartAt { get; init; }

    public Payload Input { get; init; }

    public Payload Output { get; init; }

    public Payload CustomStatus { get; init; }

    /// <summary>How the instance failed; null when it did not.</summary>
    public TaskFailureDetails? Failure { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? ParentInstanceId { get; init; }

    /// <summary>Whether payloads and failure are in the archive only.</summary>
    public bool IsArchived { get; init; }
}
