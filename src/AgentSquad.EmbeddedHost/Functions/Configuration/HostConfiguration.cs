using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>Where a function app's settings come from: local.settings.json, environment, command line; later wins.</summary>
internal static class HostConfiguration
{
    /// <summary>Setting that names the folder of host.json and local.settings.json.</summary>
    public const string RootSetting = "AzureWebJobsScriptRoot";

    private static readonly Dictionary<string, string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--port"] = $"{EmbeddedHostOptions.Section}:{nameof(EmbeddedHostOptions.Port)}",
        ["--host"] = $"{EmbeddedHostOptions.Section}:{nameof(EmbeddedHostOptions.Host)}",
    };

    /// <summary>Folder of host.json and local.settings.json: the app's own unless <see cref="RootSetting"/> names another.</summary>
    public static string RootOf(IConfiguration configuration)
        => configuration[RootSetting] is { Length: > 0 } root ? Path.GetFullPath(root) : AppContext.BaseDirectory;

    /// <summary>Adds the sources in their order.</summary>
    public static void AddSources(IConfigurationBuilder configuration, IEnumerable<string> args)
    {
        var root = Environment.GetEnvironmentVariable(RootSetting) is { Length: > 0 } named ? named : AppContext.BaseDirectory;
        configuration.AddInMemoryCollection(LocalSettings(Path.Combine(root, "local.settings.json")));
        configuration.AddEnvironmentVariables();
        // Single-dash arguments belong to whoever started the process, such as a test runner.
        configuration.AddCommandLine(LongArguments(args), Switches);
    }

    /// <summary>The <c>Values</c> of a local.settings.json; empty when there is no such file.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> LocalSettings(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), HostJson.Lenient);
            if (!document.RootElement.TryGetProperty("Values", out var values) || values.ValueKind != JsonValueKind.Object) return [];
            return values.EnumerateObject()
                .Where(value => value.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
                .Select(value => KeyValuePair.Create<string, string?>(value.Name.Replace("__", ":", StringComparison.Ordinal), value.Value.ToString()))
                .ToArray();
        }
        catch (JsonException problem)
        {
            throw new HostStartException(
                $"{path} is not valid JSON (line {problem.LineNumber + 1}): correct it, see local.settings.example.json.", problem);
        }
    }

    private static string[] LongArguments(IEnumerable<string> args)
    {
        var result = new List<string>();
        var takesValue = false;
        foreach (var argument in args)
        {
            var isSwitch = argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2;
            if (isSwitch || takesValue) result.Add(argument);
            takesValue = isSwitch && !argument.Contains('=', StringComparison.Ordinal);
        }

        return [.. result];
    }
}
