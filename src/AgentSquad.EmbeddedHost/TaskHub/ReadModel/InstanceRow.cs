namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>State of one instance as the table <c>{Hub}Instances</c> shows it.</summary>
internal sealed record InstanceRow
{
    /// <summary>Id of the instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Id of its current execution; changes with <c>ContinueAsNew</c>.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>Name of the orchestrator.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the orchestrator; usually empty.</summary>
    public string? Version { get; init; }

    /// <summary>An <c>OrchestrationRuntimeStatus</c> name.</summary>
    public required string RuntimeStatus { get; init; }

    /// <summary>Serialized input.</summary>
    public string? Input { get; init; }

    /// <summary>Serialized output; the failure's text of a failed instance, the reason of a terminated or suspended one.</summary>
    public string? Output { get; init; }

    /// <summary>Serialized custom status.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>When the instance was created.</summary>
    public required DateTimeOffset CreatedTime { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdatedTime { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? CompletedTime { get; init; }

    /// <summary>When it is to start, if it was started for later.</summary>
    public DateTimeOffset? ScheduledStartTime { get; init; }

    /// <summary>Executions of this id before the current one.</summary>
    public int Generation { get; init; }

    /// <summary>Tags as a JSON object; null without any.</summary>
    public string? Tags { get; init; }
}

/// <summary>Enough of an instance to tell whether its row is up to date.</summary>
/// <param name="InstanceId">Id of the instance.</param>
/// <param name="ExecutionId">Id of its current execution.</param>
/// <param name="RuntimeStatus">An <c>OrchestrationRuntimeStatus</c> name.</param>
/// <param name="LastUpdatedTime">When it last changed.</param>
internal sealed record InstanceStamp(string InstanceId, string ExecutionId, string RuntimeStatus, DateTimeOffset LastUpdatedTime);
