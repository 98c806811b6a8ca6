using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>Settings of hosts that tests build by hand.</summary>
internal static class TestConfiguration
{
    /// <summary>A free port, keys of its own, and failures as exceptions.</summary>
    public static IConfigurationBuilder AddInMemory(this IConfigurationBuilder configuration, string folder) => configuration.AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            ["EmbeddedHost:Port"] = "0",
            ["EmbeddedHost:KeysFile"] = Path.Combine(folder, "keys.json"),
            ["EmbeddedHost:ExitOnFailure"] = "false",
        });
}
