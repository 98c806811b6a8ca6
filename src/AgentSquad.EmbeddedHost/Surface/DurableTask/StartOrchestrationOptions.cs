using System.Collections.Immutable;

namespace Microsoft.DurableTask;

/// <summary>How an orchestration is started.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Options with an instance id and a start time.</summary>
    /// <param name="InstanceId">Instance id; null for a new one.</param>
    /// <param name="StartAt">Earliest start; null for now.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    /// <summary>A copy.</summary>
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>Instance id; null for a new one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Earliest start; null for now.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Tags that stay with the instance.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Version of the orchestrator; null takes the default.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>Statuses of an existing instance of the same id that refuse the start; null leaves it to the host's policy.</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
