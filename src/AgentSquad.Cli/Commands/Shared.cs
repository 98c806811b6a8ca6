using System.CommandLine;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Commands;

/// <summary>What several commands share.</summary>
internal static class Shared
{
    /// <summary>Where a running system is described and, for <c>up</c>, keeps its data.</summary>
    public static Option<DirectoryInfo> State { get; } = new("--state")
    {
        Description = "Folder that describes the running system and holds the data of 'up'; default is .squad at the top of the repository",
        HelpName = "folder",
        Recursive = true,
    };

    /// <summary>Prints the result as JSON.</summary>
    public static Option<bool> Json(string description) => new("--json") { Description = description };

    /// <summary>The state folder of a command line.</summary>
    public static string StateFolder(ParseResult parsed) =>
        parsed.GetValue(State)?.FullName ?? Path.Combine(BuildInfo.RepositoryRoot, ".squad");

    /// <summary>The settings at the top of the repository and in the environment.</summary>
    public static SquadSettings Settings() => SquadSettings.Load(BuildInfo.RepositoryRoot);

    /// <summary>The keys file: the running system's, else the configured one, else the default.</summary>
    public static string KeysFile(SystemFile? system, SquadSettings settings) =>
        system?.KeysFile ?? settings.FindText("EmbeddedHost__KeysFile") ?? HostKeys.DefaultFile;

    /// <summary>Refuses to start a second system that would hide the first one.</summary>
    public static void RefuseSecondSystem(string stateFolder)
    {
        if (SystemFile.Find(stateFolder) is { } running)
        {
            throw new CliException($"A system is running already at {running.FunctionApp}: stop it with 'squad stop' first.");
        }
    }
}
