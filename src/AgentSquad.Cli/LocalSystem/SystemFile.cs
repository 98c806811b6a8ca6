using System.Text.Json;
using AgentSquad.Cli.Processes;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>What a running <c>squad up</c> or <c>squad demo --keep</c> leaves for the other commands, in <c>.squad/system.json</c>.</summary>
/// <param name="FunctionApp">Base address of the function app.</param>
/// <param name="Sandbox">Base address of the Jira sandbox; null when a real site is configured.</param>
/// <param name="Storage">Storage connection string.</param>
/// <param name="WebhookSecret">Secret that signs webhooks; null when none is known.</param>
/// <param name="KeysFile">File with the host keys.</param>
/// <param name="JiraBaseUrl">Base address of the Jira site in use.</param>
/// <param name="SupervisorPid">The process that stops everything on SIGTERM.</param>
/// <param name="Logs">Folder with the logs.</param>
internal sealed record SystemFile(
    string FunctionApp,
    string? Sandbox,
    string Storage,
    string? WebhookSecret,
    string KeysFile,
    string JiraBaseUrl,
    int SupervisorPid,
    string Logs)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file in a state folder.</summary>
    public static string PathIn(string stateFolder) => Path.Combine(stateFolder, "system.json");

    /// <summary>The running system, or null when there is none (a file left by one that was killed counts as none and is removed).</summary>
    public static SystemFile? Find(string stateFolder)
    {
        var path = PathIn(stateFolder);
        if (!File.Exists(path)) return null;
        try
        {
            var system = JsonSerializer.Deserialize<SystemFile>(File.ReadAllText(path), JsonSerializerOptions.Web);
            if (system is not null && NativeProcess.IsAlive(system.SupervisorPid)) return system;
        }
        catch (JsonException)
        {
            // Half written by a command that was killed: nobody runs behind it.
        }

        Remove(stateFolder);
        return null;
    }

    /// <summary>Removes the file; one that is not there is fine.</summary>
    public static void Remove(string stateFolder)
    {
        if (Directory.Exists(stateFolder)) File.Delete(PathIn(stateFolder));
    }

    /// <summary>The running system.</summary>
    /// <exception cref="CliException">None runs.</exception>
    public static SystemFile Require(string stateFolder) =>
        Find(stateFolder) ?? throw new CliException("No system is running: start one with 'squad up' or 'squad demo --keep'.");

    /// <summary>Writes the file so that only its owner can read it.</summary>
    public void Save(string stateFolder)
    {
        Directory.CreateDirectory(stateFolder);
        var path = PathIn(stateFolder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        File.Delete(path);
        using var stream = new FileStream(path, options);
        JsonSerializer.Serialize(stream, this, JsonSerializerOptions.Web);
    }
}
