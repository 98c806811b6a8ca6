namespace AgentSquad.Bench.Engine;

/// <summary>What the bench was asked for.</summary>
/// <param name="Orchestrations">Orchestrations started at once.</param>
/// <param name="Activities">Sequential no-op activities in each.</param>
/// <param name="Waiting">Instances that wait for an event.</param>
/// <param name="IdleRuns">Orchestrations run one at a time.</param>
/// <param name="Steps">Steps of a long orchestration, measured beside orchestrations of ten.</param>
/// <param name="RawSeconds">How long each of the store's own limits is measured.</param>
internal sealed record EngineBenchSettings(int Orchestrations, int Activities, int Waiting, int IdleRuns, int Steps, double RawSeconds)
{
    /// <summary>Enough to see that everything works; its figures mean nothing.</summary>
    public static readonly EngineBenchSettings Short = new(20, 5, 50, 5, 50, 0.2);

    /// <summary>Whether the read models are on: always.</summary>
    public bool ReadModels { get; } = true;
}

/// <summary>The figures of one run, all on the same Azurite. Read models are on.</summary>
internal sealed record EngineBenchResult
{
    /// <summary>Single-row table inserts per second with 16 in flight: the store's own limit.</summary>
    public required double TableInsertsPerSecond { get; init; }

    /// <summary>64 KiB block appends per second, one at a time: the store's own limit.</summary>
    public required double AppendsPerSecond { get; init; }

    /// <summary>Median of an append as small as one step's, one at a time, in milliseconds: what a commit cannot be faster than.</summary>
    public required double SmallAppendMedianMs { get; init; }

    /// <summary>Orchestrations per second, until the log has committed the last completion.</summary>
    public required double OrchestrationsPerSecond { get; init; }

    /// <summary>The same until the table of instances has caught up.</summary>
    public required double SustainedOrchestrationsPerSecond { get; init; }

    /// <summary>How far the table was behind when the last orchestration had ended, in seconds.</summary>
    public required double ReadModelLagSeconds { get; init; }

    /// <summary>Processor time of this process per orchestration under load, in milliseconds; Azurite's is its own.</summary>
    public required double ProcessorMsPerOrchestration { get; init; }

    /// <summary>Median of one orchestration at a time, in milliseconds.</summary>
    public required double IdleMedianMs { get; init; }

    /// <summary>95th percentile of the same.</summary>
    public required double IdleP95Ms { get; init; }

    /// <summary>The fastest of the same: the figure that other work on the machine disturbs least.</summary>
    public required double IdleMinMs { get; init; }

    /// <summary>Log appends per orchestration when one runs at a time.</summary>
    public required double IdleAppendsPerOrchestration { get; init; }

    /// <summary>Storage requests of the loaded part, table included, per orchestration.</summary>
    public required double StorageRequestsPerOrchestration { get; init; }

    /// <summary>Processor time of this process per step of orchestrations of ten steps, in microseconds.</summary>
    public required double ProcessorMicrosecondsPerShortStep { get; init; }

    /// <summary>The same for orchestrations of <see cref="EngineBenchSettings.Steps"/> steps, as many at once.</summary>
    public required double ProcessorMicrosecondsPerLongStep { get; init; }

    /// <summary>Growth of the managed heap per waiting instance, after passivation.</summary>
    public required double BytesPerWaitingInstance { get; init; }

    /// <summary>From creating the engine until every waiting instance accepts events.</summary>
    public required double RestartSeconds { get; init; }

    /// <summary>Load average of the machine over the last minute when the run ended; -1 where the system has none.</summary>
    public required double LoadAverage { get; init; }

    /// <summary>What the figures were measured with.</summary>
    public required EngineBenchSettings Settings { get; init; }
}
