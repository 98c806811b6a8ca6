using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>Reads values of host.json, says what is wrong with them, and remembers which were asked for.</summary>
internal sealed class HostJsonReader(IConfiguration json, IConfiguration settings)
{
    // Read elsewhere, or without meaning in one process without scale-out: no warning for these.
    private static readonly string[] Silent = ["version", "logging:logLevel", "logging:console", "extensionBundle", "extensions:durableTask:storageProvider:type"];

    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A text with <c>%setting%</c> resolved; null when missing or, unless <paramref name="emptyIsValue"/>, empty.</summary>
    public string? Text(string key, bool emptyIsValue = false)
    {
        _read.Add(key);
        var text = json[key];
        if (text is null || (text.Length == 0 && !emptyIsValue)) return null;
        return SettingText.Resolve(text, settings, $"host.json {Dotted(key)}");
    }

    /// <summary>A whole number in a range.</summary>
    public int Number(string key, int missing, int least, int most)
    {
        if (Text(key) is not { } text) return missing;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        throw Wrong(key, text, most == int.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}");
    }

    /// <summary>A time span in a range.</summary>
    public TimeSpan Time(string key, TimeSpan missing, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text) return missing;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= least && time <= most) return time;
        throw Wrong(key, text, $"a time span hh:mm:ss from {least:c} to {most:c}");
    }

    /// <summary>A time-out; -1 stands for none.</summary>
    public TimeSpan? Timeout(string key, TimeSpan? missing)
    {
        if (Text(key) is not { } text) return missing;
        if (text == "-1") return null;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero) return time;
        throw Wrong(key, text, "a time span hh:mm:ss, or -1 for no limit");
    }

    /// <summary>One of some words; the first when missing.</summary>
    public string OneOf(string key, params string[] words)
    {
        if (Text(key) is not { } text) return words[0];
        return words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw Wrong(key, text, string.Join(" or ", words));
    }

    /// <summary>A task hub's name with a suffix; letters and digits only, as blob containers and tables are named after it.</summary>
    public string? HubName(string key, string suffix)
    {
        if (Text(key) is not { } text) return null;
        var isName = char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit) && text.Length is >= 3 and <= 37;
        if (!isName) throw Wrong(key, text, "3 to 37 letters and digits, a letter first");
        return text.EndsWith(suffix, StringComparison.Ordinal) ? text : text + suffix;
    }

    /// <summary>What host.json says that nobody asked for, as dotted keys.</summary>
    public IReadOnlyList<string> Unread() =>
    [
        .. json.AsEnumerable()
            .Where(value => value.Value is not null && !_read.Contains(value.Key))
            .Where(value => !Silent.Any(key => value.Key.StartsWith(key, StringComparison.OrdinalIgnoreCase)))
            .Select(value => Dotted(value.Key))
            .Order(StringComparer.Ordinal),
    ];

    private static string Dotted(string key) => key.Replace(':', '.');

    private static HostStartException Wrong(string key, string text, string expected)
        => new($"host.json {Dotted(key)} is '{text}' but must be {expected}.");
}
