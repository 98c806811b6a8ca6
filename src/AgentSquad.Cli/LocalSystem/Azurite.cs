using System.Text.RegularExpressions;
using AgentSquad.Cli.Processes;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>Azurite as a child process on free ports.</summary>
internal static partial class Azurite
{
    private const string Account = "devstoreaccount1";

    // The account key that every Azurite ships with; public and documented.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>What to start.</summary>
    /// <param name="script">Path of Azurite's script.</param>
    /// <param name="dataFolder">Folder for its data; null keeps the data in memory.</param>
    /// <param name="log">Its log.</param>
    public static ChildSpec Child(string script, string? dataFolder, string log)
    {
        string[] store = dataFolder is null ? ["--inMemoryPersistence"] : ["--location", dataFolder];
        return new ChildSpec(
            "Azurite",
            "node",
            [script, .. store, "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0"],
            ChildEnvironment.Minimal(),
            log,
            [Ready("Blob"), Ready("Queue"), Ready("Table")]);
    }

    /// <summary>The connection string of an Azurite, from its ready lines.</summary>
    public static string ConnectionString(IEnumerable<string> readyLines)
    {
        var endpoints = readyLines.Select(l => Listening().Match(l)).ToDictionary(m => m.Groups["service"].Value, m => m.Groups["url"].Value);
        return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};" +
               string.Concat(endpoints.Select(e => $"{e.Key}Endpoint={e.Value}/{Account};"));
    }

    private static string Ready(string service) => $"Azurite {service} service is successfully listening at ";

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at (?<url>[^\s/]+//[^\s/]+)")]
    private static partial Regex Listening();
}
