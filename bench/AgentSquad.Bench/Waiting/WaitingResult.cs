namespace AgentSquad.Bench.Waiting;

/// <summary>What a run of <c>waiting</c> came to. Property names are what reports read.</summary>
internal sealed record WaitingResult
{
    /// <summary>Tickets that wait for their reporter.</summary>
    public required int Tickets { get; init; }

    /// <summary>Working set of a process two and a half minutes after it started with all of them, less that of one that started with none, per ticket.</summary>
    public required long BytesPerTicket { get; init; }

    /// <summary>Working set of a process two and a half minutes after it started with none.</summary>
    public required long EmptyBytes { get; init; }

    /// <summary>Working set of a process two and a half minutes after it started with all of them.</summary>
    public required long WaitingBytes { get; init; }

    /// <summary>From the start of a new process until it is healthy with all of them.</summary>
    public required double RestartSeconds { get; init; }

    /// <summary>Tickets that were answered.</summary>
    public required int Resumed { get; init; }

    /// <summary>From the first answer until the last of them has ended, delivery included.</summary>
    public required double ResumeSeconds { get; init; }

    /// <summary>Tickets that did not wait or did not end in time.</summary>
    public required int Lost { get; init; }

    /// <summary>Wall-clock time of all of it.</summary>
    public required double Seconds { get; init; }
}
