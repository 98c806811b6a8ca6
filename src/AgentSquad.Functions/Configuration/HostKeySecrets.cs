using System.Text.Json;
using AgentSquad.Agents.Safety;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Functions.Configuration;

/// <summary>
/// Tells the guard the keys of the host, which are in no setting: those of the embedded host are in a file of its own, and the host puts the path of
/// that file into the configuration when it starts. On Azure the app never gets to see them, and the guard knows them by their shape.
/// </summary>
internal static class HostKeySecrets
{
    private const string FileSetting = "EmbeddedHost:KeysFile";

    /// <summary>Adds a guard that knows the configuration's secrets and the host's keys.</summary>
    public static IServiceCollection AddSecretGuard(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(new SecretGuard(configuration, () => Read(configuration[FileSetting])));

    /// <summary>The keys in a file, of whatever kind; null while there is none that can be read.</summary>
    internal static IReadOnlyCollection<string>? Read(string? path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. Texts(file.RootElement)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // It is the host's to complain about its file.
            return null;
        }
    }

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString() ?? ""],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };
}
