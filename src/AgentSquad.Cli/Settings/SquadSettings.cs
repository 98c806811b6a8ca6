using System.Collections;
using System.Text.Json;
using dotenv.net;

namespace AgentSquad.Cli.Settings;

/// <summary>
/// The settings as the function app reads them: <c>local.settings.json</c>, <c>.env</c> and the environment, later wins. Names are written
/// with <c>__</c>; files may use <c>:</c> as well.
/// </summary>
internal sealed class SquadSettings
{
    private readonly Dictionary<string, string> _values;

    private SquadSettings(Dictionary<string, string> values) => _values = values;

    /// <summary>Reads the settings.</summary>
    /// <param name="folder">Folder with the two files; neither has to be there.</param>
    /// <exception cref="CliException">A file cannot be read.</exception>
    public static SquadSettings Load(string folder) => From([.. LocalSettings(folder), .. DotEnv(folder), .. ProcessEnvironment()]);

    /// <summary>Settings from given values, for callers that have no files; later wins.</summary>
    public static SquadSettings From(IEnumerable<KeyValuePair<string, string>> values)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values) settings[Normal(name)] = value;
        return new SquadSettings(settings);
    }

    /// <summary>The process environment alone.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string?)e.Value ?? ""));

    /// <summary>The first of the named settings that is there; an empty value counts as there, null means that none is.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.TryGetValue(name, out var value)) return value;
        }

        return null;
    }

    /// <summary>The first of the named settings that is there and not blank.</summary>
    public string? FindText(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value)) return value.Trim();
        }

        return null;
    }

    /// <summary>Every setting whose name begins with a prefix, such as <c>Squad__</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix) =>
        _values.Where(p => p.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string Normal(string name) => name.Replace(":", "__", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> DotEnv(string folder)
    {
        var file = Path.Combine(folder, ".env");
        return File.Exists(file) ? dotenv.net.DotEnv.Read(new DotEnvOptions(envFilePaths: [file], ignoreExceptions: false)) : [];
    }

    private static List<KeyValuePair<string, string>> LocalSettings(string folder)
    {
        var file = Path.Combine(folder, "local.settings.json");
        if (!File.Exists(file)) return [];
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(File.ReadAllText(file), options);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Values", out var values)
                ? [.. values.EnumerateObject().Select(v => KeyValuePair.Create(v.Name, v.Value.ToString()))]
                : [];
        }
        catch (JsonException exception)
        {
            throw new CliException($"'{file}' is not valid JSON ({exception.Message}); compare it with local.settings.example.json.", exception);
        }
    }
}
