using System.Text.Json.Serialization;

namespace AgentSquad.Bench.Fuzz;

/// <summary>What a run of <c>fuzz</c> came to. Property names are what reports read.</summary>
internal sealed record FuzzResult
{
    /// <summary>Requests sent, signed ones included.</summary>
    public required int Sent { get; init; }

    /// <summary>Unsigned requests, or ones without a key, that were answered with success.</summary>
    public required int Accepted { get; init; }

    /// <summary>Rightly signed mutants sent.</summary>
    public required int SignedSent { get; init; }

    /// <summary>Rightly signed mutants accepted.</summary>
    public required int SignedAccepted { get; init; }

    /// <summary>Runs that mutants started, which they may for the tickets that they name.</summary>
    public required int RunsStartedByMutants { get; init; }

    /// <summary>Runs of tickets that no mutant names, and changes of tickets that none names by id.</summary>
    public required int ActedOnUnnamed { get; init; }

    /// <summary>Events that the app gave up on, or that were still waiting in the end.</summary>
    public required int Poisoned { get; init; }

    /// <summary>
    /// Answers of 500 and above. Not among them: 501 and 505, which are HTTP's answers to a transfer coding or version that there is not,
    /// and 503 with <c>Retry-After</c> to a signed event, which is sent again as Jira would, and counts when that does not help.
    /// </summary>
    public required int ServerErrors { get; init; }

    /// <summary>How often a signed event was answered "later" and sent again.</summary>
    public required int SentAgain { get; init; }

    /// <summary>How often the app ended.</summary>
    public required int Crashes { get; init; }

    /// <summary>Working set at the end minus that after the first fifth; 0 after a crash.</summary>
    public required long MemoryGrowthBytes { get; init; }

    /// <summary>Wall-clock time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seed of all of it.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether everything is as it must be; memory is left to the reader.</summary>
    [JsonIgnore]
    public bool IsGood => Accepted == 0 && ActedOnUnnamed == 0 && Poisoned == 0 && ServerErrors == 0 && Crashes == 0;
}
