using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Planning;

/// <summary>How many tasks of a run may be worked on at once.</summary>
public sealed record WorkLimits
{
    /// <summary>The defaults.</summary>
    public static WorkLimits Default { get; } = new();

    /// <summary>Most tasks of one run at once; less than 1 counts as 1. Default is 4.</summary>
    public int PerRun { get; init; } = 4;

    /// <summary>Most tasks of one role at once, for roles that <see cref="PerRole"/> does not name. Default is 2.</summary>
    public int PerRoleDefault { get; init; } = 2;

    /// <summary>Most tasks of a role at once. Default names none.</summary>
    public IReadOnlyDictionary<SquadRole, int> PerRole { get; init; } = new Dictionary<SquadRole, int>();

    /// <summary>The limit of a role; at least 1, because a role that may do nothing would never end a run.</summary>
    public int For(SquadRole role) => Math.Max(1, PerRole.GetValueOrDefault(role, PerRoleDefault));
}
