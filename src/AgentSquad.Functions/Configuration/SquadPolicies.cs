using AgentSquad.Core.Policies;

namespace AgentSquad.Functions.Configuration;

/// <summary>Maps the configuration to the domain's policies.</summary>
internal static class SquadPolicies
{
    /// <summary>What makes the squad start on a ticket.</summary>
    public static SquadPolicy ToPolicy(this SquadOptions options) => new() { TriggerLabel = options.TriggerLabel };
}
