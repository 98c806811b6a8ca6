using System.Collections;
using System.Text.Json;
using dotenv.net;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Cli.Settings;

/// <summary>
/// The settings as the function app reads them: <c>local.settings.json</c>, <c>.env</c> and the environment, later wins. Names are written
/// with <c>__</c>; files may use <c>:</c> as well.
/// </summary>
internal sealed class SquadSettings
{
    /// <summary>Name of the first file.</summary>
    public const string LocalSettingsFile = "local.settings.json";

    /// <summary>Name of the second file.</summary>
    public const string DotEnvFile = ".env";

    /// <summary>What <see cref="SourceOf"/> says of a variable of the process.</summary>
    public const string EnvironmentSource = "environment";

    private readonly Dictionary<string, (string Value, string Source)> _values;

    private SquadSettings(Dictionary<string, (string Value, string Source)> values) => _values = values;

    /// <summary>Reads the settings.</summary>
    /// <param name="folder">Folder with the two files; neither has to be there.</param>
    /// <exception cref="CliException">A file cannot be read.</exception>
    public static SquadSettings Load(string folder) =>
        Nothing.With(LocalSettingsFile, LocalSettings(folder)).With(DotEnvFile, DotEnv(folder)).With(EnvironmentSource, ProcessEnvironment());

    /// <summary>Settings from given values, for callers that have no files; later wins.</summary>
    public static SquadSettings From(IEnumerable<KeyValuePair<string, string>> values) => Nothing.With(EnvironmentSource, values);

    /// <summary>The process environment alone.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string?)e.Value ?? ""));

    private static SquadSettings Nothing => new(new Dictionary<string, (string, string)>(StringComparer.OrdinalIgnoreCase));

    /// <summary>These settings with others on top.</summary>
    /// <param name="source">Where the others come from, in words.</param>
    /// <param name="values">The others; among them too, later wins.</param>
    public SquadSettings With(string source, IEnumerable<KeyValuePair<string, string>> values)
    {
        var settings = new Dictionary<string, (string, string)>(_values, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values) settings[Normal(name)] = (value, source);
        return new SquadSettings(settings);
    }

    /// <summary>The first of the named settings that is there; an empty value counts as there, null means that none is.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.TryGetValue(name, out var entry)) return entry.Value;
        }

        return null;
    }

    /// <summary>The first of the named settings that is there and not blank.</summary>
    public string? FindText(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.TryGetValue(name, out var entry) && !string.IsNullOrWhiteSpace(entry.Value)) return entry.Value.Trim();
        }

        return null;
    }

    /// <summary>Where a setting's value came from: a file's name or <c>environment</c>; null when it is not set.</summary>
    public string? SourceOf(string name) => _values.TryGetValue(name, out var entry) ? entry.Source : null;

    /// <summary>Every setting whose name begins with a prefix, such as <c>Squad__</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix) =>
        _values.Where(p => p.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(p => KeyValuePair.Create(p.Key, p.Value.Value));

    /// <summary>The settings in the form that the app's options are read from.</summary>
    public IConfiguration ToConfiguration() => new ConfigurationBuilder()
        .AddInMemoryCollection(_values.Select(p => KeyValuePair.Create(p.Key.Replace("__", ":", StringComparison.Ordinal), (string?)p.Value.Value)))
        .Build();

    private static string Normal(string name) => name.Replace(":", "__", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> DotEnv(string folder)
    {
        var file = Path.Combine(folder, DotEnvFile);
        return File.Exists(file) ? dotenv.net.DotEnv.Read(new DotEnvOptions(envFilePaths: [file], ignoreExceptions: false)) : [];
    }

    private static List<KeyValuePair<string, string>> LocalSettings(string folder)
    {
        var file = Path.Combine(folder, LocalSettingsFile);
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
