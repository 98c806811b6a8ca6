namespace AgentSquad.Core.Policies;

/// <summary>The policy of each project.</summary>
/// <param name="Default">The policy of projects without one of their own.</param>
/// <param name="PerProject">Policies by project key.</param>
public sealed record SquadPolicySet(SquadPolicy Default, IReadOnlyDictionary<string, SquadPolicy> PerProject)
{
    /// <summary>One policy for every project.</summary>
    /// <param name="policy">The policy.</param>
    public static SquadPolicySet Of(SquadPolicy policy) => new(policy, new Dictionary<string, SquadPolicy>());

    /// <summary>The policy of a project.</summary>
    /// <param name="projectKey">Key of the project, compared ignoring case; null when an event does not name it.</param>
    public SquadPolicy For(string? projectKey) =>
        PerProject.FirstOrDefault(entry => string.Equals(entry.Key, projectKey, StringComparison.OrdinalIgnoreCase)).Value ?? Default;
}
