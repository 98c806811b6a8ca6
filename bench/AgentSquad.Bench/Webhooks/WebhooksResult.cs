namespace AgentSquad.Bench.Webhooks;

/// <summary>What <c>webhooks</c> was asked for.</summary>
/// <param name="Rate">Events per second.</param>
/// <param name="Seconds">How long at that rate.</param>
/// <param name="Outage">Seconds that storage stands still in the middle; 0 for none.</param>
/// <param name="Saturation">Seconds as fast as it goes.</param>
/// <param name="Seed">Of ticket ids and the sizes of comments.</param>
internal sealed record WebhooksSettings(int Rate, int Seconds, int Outage, int Saturation, int Seed)
{
    /// <summary>Tickets with an open run, which one event in fifty is about. Default 0: then no event matters to a run.</summary>
    public int OpenRuns { get; init; }

    /// <summary>Seconds at the same rate before anything is measured, of the bare endpoint as well; no more than are measured. Default 10.</summary>
    public int WarmUp { get; init; } = 10;

    /// <summary>Those of <see cref="WarmUp"/> that there are.</summary>
    public int WarmedUp => Math.Min(Seconds, WarmUp);
}

/// <summary>What a run of <c>webhooks</c> came to. Property names are what reports read.</summary>
internal sealed record WebhooksResult
{
    /// <summary>Accepted per second at the asked rate.</summary>
    public required double AcceptedPerSecond { get; init; }

    /// <summary>Median latency at that rate.</summary>
    public required double P50Ms { get; init; }

    /// <summary>95th percentile of latency at that rate.</summary>
    public required double P95Ms { get; init; }

    /// <summary>99th percentile of latency at that rate.</summary>
    public required double P99Ms { get; init; }

    /// <summary>The same for the bare endpoint.</summary>
    public required double BareP99Ms { get; init; }

    /// <summary>Accepted per second as fast as it goes; 0 in a run with an outage.</summary>
    public required double SaturatedPerSecond { get; init; }

    /// <summary>The same for the bare endpoint.</summary>
    public required double BareSaturatedPerSecond { get; init; }

    /// <summary>The first through the second; 0 in a run with an outage.</summary>
    public required double ShareOfBareThroughput { get; init; }

    /// <summary>Accepted, and neither in a run's inbox nor told of in the log; poisoned ones are among them.</summary>
    public required int Lost { get; init; }

    /// <summary>Answers of 503, which mean to send it again.</summary>
    public required int Refused { get; init; }

    /// <summary>Answered otherwise, or not at all.</summary>
    public required int Failed { get; init; }

    /// <summary>Never accepted. In a run with an outage an event is sent again as Jira does, five times; in one without it is not.</summary>
    public required int GivenUp { get; init; }

    /// <summary>Length of the outage of storage in the middle of the load; 0 for none.</summary>
    public required int OutageSeconds { get; init; }

    /// <summary>From the end of the load until the last accepted event was processed; from the end of the outage until nothing had piled up any more.</summary>
    public required double CatchUpSeconds { get; init; }

    /// <summary>Lines of the app's log during and after the outage that are not of one accepted or processed event; 0 without an outage.</summary>
    public required int OutageLogLines { get; init; }

    /// <summary>Processor time of the app per event of the steady load, from its acceptance to the end of its processing.</summary>
    public required double AppCpuMsPerEvent { get; init; }

    /// <summary>The same of Azurite.</summary>
    public required double StorageCpuMsPerEvent { get; init; }

    /// <summary>Seconds at the same rate that were not measured, because both processes still compiled.</summary>
    public required int WarmUpSeconds { get; init; }

    /// <summary>Rate asked for.</summary>
    public required int Rate { get; init; }

    /// <summary>Seconds at that rate.</summary>
    public required int Seconds { get; init; }

    /// <summary>Seed of ticket ids and sizes.</summary>
    public required int Seed { get; init; }
}
