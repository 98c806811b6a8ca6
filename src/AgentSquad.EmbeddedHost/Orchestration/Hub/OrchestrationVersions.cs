using Microsoft.DurableTask.Abstractions;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Which orchestrations this process may run, by their version.</summary>
internal enum VersionMatch
{
    /// <summary>Those of its own version and of older ones.</summary>
    CurrentOrOlder,

    /// <summary>Those of its own version.</summary>
    Strict,

    /// <summary>All.</summary>
    None,
}

/// <summary>What becomes of an orchestration whose version does not match.</summary>
internal enum VersionMismatch
{
    /// <summary>It stays as it is until a process comes that may run it.</summary>
    Reject,

    /// <summary>It fails.</summary>
    Fail,
}

/// <summary>Versions of orchestrations, as host.json has them.</summary>
internal sealed record OrchestrationVersions
{
    /// <summary>Version of this process's code, which new orchestrations get; null for none, and then none is compared.</summary>
    public string? Default { get; init; }

    /// <summary>Which versions match.</summary>
    public VersionMatch Match { get; init; }

    /// <summary>What happens to those that do not.</summary>
    public VersionMismatch OnMismatch { get; init; }

    /// <summary>Whether an orchestration may run here.</summary>
    public bool Accepts(string? version) => string.IsNullOrEmpty(Default) || Match switch
    {
        VersionMatch.None => true,
        VersionMatch.Strict => Compare(version) == 0,
        _ => Compare(version) <= 0,
    };

    private int Compare(string? version) => TaskOrchestrationVersioningUtils.CompareVersions(version ?? string.Empty, Default!);
}
