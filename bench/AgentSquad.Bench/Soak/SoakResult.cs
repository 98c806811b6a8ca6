namespace AgentSquad.Bench.Soak;

/// <summary>What the app looked like at one moment of <c>soak</c>.</summary>
/// <param name="MemoryBytes">Working set.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="LogBytes">Length of its log.</param>
/// <param name="LatencyMs">Median of the latest webhooks, until 202.</param>
internal sealed record SoakSample(double MemoryBytes, double Handles, double Threads, double LogBytes, double LatencyMs);

/// <summary>What a run of <c>soak</c> came to. Property names are what reports read.</summary>
internal sealed record SoakResult
{
    /// <summary>Length of the load.</summary>
    public required double Minutes { get; init; }

    /// <summary>Tickets written.</summary>
    public required int Tickets { get; init; }

    /// <summary>Those of them whose run ended.</summary>
    public required int Finished { get; init; }

    /// <summary>After the first fifth, which warms up.</summary>
    public required SoakSample Start { get; init; }

    /// <summary>At the end.</summary>
    public required SoakSample End { get; init; }

    /// <summary>Least-squares slopes from <see cref="Start"/> on, per hour.</summary>
    public required SoakSample SlopesPerHour { get; init; }

    /// <summary>Seed of the tickets.</summary>
    public required int Seed { get; init; }
}
