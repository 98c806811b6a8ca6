using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Settings of the engine.</summary>
internal sealed record TaskHubEngineOptions
{
    /// <summary>Activities that run at once. Default 16.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 16;

    /// <summary>Orchestrator turns that run at once. Default 16.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 16;

    /// <summary>Longest run of an activity and of one orchestrator turn. Default 30 minutes.</summary>
    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether a start may replace an instance that still runs. Default false: only one that has ended.</summary>
    public bool OverrideRunningInstances { get; init; }

    /// <summary>
    /// Whether an event for an instance that is unknown or has ended is refused with an exception. Default true, as with the Azure Storage
    /// provider; false drops it.
    /// </summary>
    public bool ThrowStatusExceptionsOnRaiseEvent { get; init; } = true;

    /// <summary>How often the hub looks after itself: time-outs, passivation, archive, checkpoint. Default 1 s.</summary>
    public TimeSpan MaintainEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an orchestrator that waits stays in memory before it is replayed when something comes. Default 30 s.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Payloads over this many bytes go to a blob of their own. Default 256 KiB.</summary>
    public int LargePayloadBytes { get; init; } = 256 * 1024;

    /// <summary>Log bytes after which a checkpoint is due. Default 32 MiB.</summary>
    public long CheckpointBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Time since the last checkpoint after which another is due if there are blobs to delete, or more log to read than state. Default 1 minute.
    /// </summary>
    public TimeSpan TidyAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What a restart may have to read of the log although the hub has become small. Default 1 MiB.</summary>
    public long TidyLogBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a finished instance stays in memory and log before it is archived. Default 5 s.</summary>
    public TimeSpan ArchiveAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Versions of orchestrations. Default: none are compared.</summary>
    public OrchestrationVersions Versions { get; init; } = new();

    /// <summary>What orchestrators find in the properties of their context.</summary>
    public IReadOnlyDictionary<string, object?> ContextProperties { get; init; } = new Dictionary<string, object?>();

    /// <summary>Converter of inputs, outputs and events. Default JSON.</summary>
    public DataConverter Converter { get; init; } = JsonDataConverter.Default;

    /// <summary>Time of timers, timestamps and time-outs. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
