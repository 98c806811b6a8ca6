using AgentSquad.Cli.Settings;
using AgentSquad.Core.Policies;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Cli.Explain;

/// <summary>Reads the squad's policy from the settings.</summary>
internal static class PolicySettings
{
    /// <summary>The policy that the function app would have with these settings.</summary>
    /// <exception cref="CliException">A setting has a value that does not fit.</exception>
    public static SquadPolicy Read(SquadSettings settings)
    {
        var values = settings.StartingWith("Squad__")
            .Select(p => KeyValuePair.Create(p.Key.Replace("__", ":", StringComparison.Ordinal), (string?)p.Value));
        var section = new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("Squad");
        try
        {
            return section.Get<SquadPolicy>() ?? SquadPolicy.Default;
        }
        catch (InvalidOperationException exception)
        {
            throw new CliException($"A Squad__ setting does not fit: {exception.Message}", exception);
        }
    }
}
