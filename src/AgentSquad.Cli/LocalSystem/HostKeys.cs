using System.Text.Json;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>The embedded host's keys, as its keys file has them.</summary>
internal sealed record HostKeys(
    string MasterKey, IReadOnlyDictionary<string, string> FunctionKeys, IReadOnlyDictionary<string, string> SystemKeys)
{
    /// <summary>Where the host keeps its keys unless <c>EmbeddedHost__KeysFile</c> says otherwise.</summary>
    public static string DefaultFile { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "agentsquad",
        "host-keys.json");

    /// <summary>The key that opens the HTTP API.</summary>
    public string DefaultFunctionKey => FunctionKeys.GetValueOrDefault("default") ?? MasterKey;

    /// <summary>Reads a keys file; null when it is not there.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static HostKeys? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<HostKeys>(File.ReadAllText(file), JsonSerializerOptions.Web) : null;
        }
        catch (Exception exception) when (exception is JsonException or UnauthorizedAccessException or IOException)
        {
            throw new CliException($"The keys file '{file}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a keys file that has to be there.</summary>
    /// <exception cref="CliException">It is not there or cannot be read.</exception>
    public static HostKeys Require(string file) =>
        Read(file) ?? throw new CliException($"There are no host keys at '{file}' yet: they are made when the function app starts for the first time.");
}
