namespace Microsoft.DurableTask;

/// <summary>How a sub-orchestration is called.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    /// <summary>Options with retries and an instance id.</summary>
    /// <param name="retry">Retries; null for none.</param>
    /// <param name="instanceId">Instance id of the sub-orchestration; null lets the engine choose.</param>
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry)
    {
        InstanceId = instanceId;
    }

    /// <summary>Options from others with an instance id.</summary>
    /// <param name="options">The options to start from.</param>
    /// <param name="instanceId">Instance id; null keeps that of <paramref name="options"/>, if it has one.</param>
    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options)
    {
        InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;
    }

    /// <summary>A copy.</summary>
    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options)
    {
        InstanceId = options.InstanceId;
    }

    /// <summary>Instance id of the sub-orchestration; null lets the engine choose.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Version of the sub-orchestration; null takes the default.</summary>
    public new TaskVersion? Version
    {
        get => base.Version;
        init => base.Version = value;
    }
}
