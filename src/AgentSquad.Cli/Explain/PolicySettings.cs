using AgentSquad.Cli.Settings;
using AgentSquad.Core.Policies;

namespace AgentSquad.Cli.Explain;

/// <summary>Reads the squad's policy from the settings.</summary>
internal static class PolicySettings
{
    /// <summary>The policy that the function app has with these settings.</summary>
    public static SquadPolicy Read(SquadSettings settings) =>
        new() { TriggerLabel = settings.Find("Squad__TriggerLabel") ?? SquadPolicy.Default.TriggerLabel };
}
