using System.Text.Json.Serialization;

namespace AgentSquad.Bench.Chaos;

/// <summary>What a run of <c>chaos</c> came to. Property names are what reports read.</summary>
internal sealed record ChaosResult
{
    /// <summary>Tickets written.</summary>
    public required int Tickets { get; init; }

    /// <summary>How often the app was killed.</summary>
    public required int Kills { get; init; }

    /// <summary>Requests to Jira and storage that met a fault.</summary>
    public required long Faults { get; init; }

    /// <summary>Tickets whose run ended.</summary>
    public required int Finished { get; init; }

    /// <summary>Tickets whose run did not end or never began.</summary>
    public required int Lost { get; init; }

    /// <summary>Comments, sub-tasks and attachments that are there more than once.</summary>
    public required int DuplicatedEffects { get; init; }

    /// <summary>Tickets that ended otherwise than the same ticket without faults.</summary>
    public required int WrongEnd { get; init; }

    /// <summary>Events in the poison queue at the end.</summary>
    public required int Poisoned { get; init; }

    /// <summary>Places where a secret was found.</summary>
    public required int SecretsFound { get; init; }

    /// <summary>Wall-clock time, the reference without faults included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seed of tickets, kills and faults.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether everything is as it must be.</summary>
    [JsonIgnore]
    public bool IsGood => Lost == 0 && DuplicatedEffects == 0 && WrongEnd == 0 && Poisoned == 0 && SecretsFound == 0;
}
