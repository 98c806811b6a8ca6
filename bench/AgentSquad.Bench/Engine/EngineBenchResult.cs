namespace AgentSquad.Bench.Engine;

/// <summary>What the bench was asked for.</summary>
/// <param name="Orchestrations">Orchestrations started at once.</param>
/// <param name="Activities">Sequential no-op activities in each.</param>
/// <param name="Waiting">Instances that wait for an event.</param>
internal sealed record EngineBenchSettings(int Orchestrations, int Activities, int Waiting);

/// <summary>The figures of one run, all on the same Azurite. Read models are on.</summary>
internal sealed record EngineBenchResult
{
    /// <summary>Single-row table inserts per second with 16 in flight: the store's own limit.</summary>
    public required double TableInsertsPerSecond { get; init; }

    /// <summary>64 KiB block appends per second, one at a time: the store's own limit.</summary>
    public required double AppendsPerSecond { get; init; }

    /// <summary>Orchestrations per second, until the log has committed the last completion.</summary>
    public required double OrchestrationsPerSecond { get; init; }

    /// <summary>The same until the table of instances has caught up.</summary>
    public required double SustainedOrchestrationsPerSecond { get; init; }

    /// <summary>How far the table was behind when the last orchestration had ended, in seconds.</summary>
    public required double ReadModelLagSeconds { get; init; }

    /// <summary>Median of one orchestration at a time, in milliseconds.</summary>
    public required double IdleMedianMs { get; init; }

    /// <summary>95th percentile of the same.</summary>
    public required double IdleP95Ms { get; init; }

    /// <summary>Storage requests of the loaded part, table included, per orchestration.</summary>
    public required double StorageRequestsPerOrchestration { get; init; }

    /// <summary>Growth of the managed heap per waiting instance, after passivation.</summary>
    public required double BytesPerWaitingInstance { get; init; }

    /// <summary>From creating the engine until every waiting instance accepts events.</summary>
    public required double RestartSeconds { get; init; }

    /// <summary>What the figures were measured with.</summary>
    public required EngineBenchSettings Settings { get; init; }
}
