using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Is told of instances as they change, after each change is durable. Never the truth of a live instance.</summary>
internal interface IInstanceReadModel
{
    /// <summary>The newest state of an instance. Returns at once; an earlier state that was not yet written may be skipped.</summary>
    void Publish(InstanceRow row);

    /// <summary>The instance was deleted.</summary>
    void Remove(string instanceId);
}

/// <summary>State of an instance for readers outside; payloads that are blobs are given by name.</summary>
internal sealed record InstanceRow
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

    public History.Payload Input { get; init; }

    public History.Payload Output { get; init; }

    public History.Payload CustomStatus { get; init; }

    /// <summary>How the instance failed; null when it did not.</summary>
    public TaskFailureDetails? Failure { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? ParentInstanceId { get; init; }

    /// <summary>Whether payloads and failure are in the archive only.</summary>
    public bool IsArchived { get; init; }
}
