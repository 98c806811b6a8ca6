using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentSquad.Cli.Settings;

/// <summary>A setting as <c>docs/configuration.md</c> describes it.</summary>
/// <param name="Name">Name; the index of a list is 0, free parts are written in capitals, such as <c>Squad__Projects__KEY__Label</c>.</param>
/// <param name="Default">Its default, in words.</param>
/// <param name="IsSecret">Whether its value must never be shown.</param>
internal sealed record KnownSetting(string Name, string Default, bool IsSecret);

/// <summary>Every setting that there is, read from the page that describes them, so that the two cannot differ.</summary>
internal static partial class SettingCatalogue
{
    // Families that belong to this product: a name of theirs that nobody knows is a mistake.
    private static readonly string[] Families = ["Jira__", "Confluence__", "Squad__", "Agents__", "EmbeddedHost__", "Sandbox__"];

    // The other names of the same settings, used where the first is blank.
    private static readonly Dictionary<string, string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Jira__BaseUrl"] = "JIRA_URL",
        ["Jira__Email"] = "JIRA_USERNAME",
        ["Jira__ApiToken"] = "JIRA_API_TOKEN",
        ["Confluence__BaseUrl"] = "CONFLUENCE_URL",
        ["Confluence__Email"] = "CONFLUENCE_USERNAME",
        ["Confluence__ApiToken"] = "CONFLUENCE_API_TOKEN",
    };

    /// <summary>All settings, in the page's order.</summary>
    public static IReadOnlyList<KnownSetting> All { get; } = Read(Page());

    /// <summary>Settings that have a second name, with that name.</summary>
    public static IReadOnlyDictionary<string, string> Aliases => Others;

    /// <summary>Whether a name is one that the page knows; names of other families are nobody's business.</summary>
    public static bool IsKnown(string name) =>
        !Families.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase)) || All.Any(setting => Fits(setting.Name, name));

    /// <summary>Whether a name belongs to this product, known or not.</summary>
    public static bool IsOurs(string name) =>
        Families.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase))
        || Others.Values.Contains(name, StringComparer.OrdinalIgnoreCase)
        || All.Any(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The known name that comes closest to a wrong one; null when none is near.</summary>
    public static string? Nearest(string name)
    {
        var (nearest, distance) = All.Select(setting => (setting.Name, Distance: Distance(setting.Name, name))).MinBy(pair => pair.Distance);
        return distance <= Math.Max(3, name.Length / 4) ? nearest : null;
    }

    /// <summary>Whether a setting's value must never be shown: the page says so, or its name does.</summary>
    public static bool IsSecret(string name) =>
        SecretName().IsMatch(name) || All.Any(setting => setting.IsSecret && Fits(setting.Name, name)) || name.Equals("AzureWebJobsStorage", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the settings out of the page's tables: those with a column "Setting".</summary>
    public static IReadOnlyList<KnownSetting> Read(string page)
    {
        var settings = new List<KnownSetting>();
        List<string>? header = null;
        foreach (var line in page.Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                header = null;
                continue;
            }

            var cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToList();
            header ??= cells;
            var (name, value, meaning) = (header.IndexOf("Setting"), header.IndexOf("Default"), header.IndexOf("Meaning"));
            if (name < 0 || value < 0 || meaning < 0 || cells.Count != header.Count || !cells[name].StartsWith('`')) continue;
            settings.AddRange(Names().Matches(cells[name])
                .Select(match => new KnownSetting(match.Groups[1].Value, cells[value].Trim('`'), cells[meaning].Contains("Secret.", StringComparison.Ordinal))));
        }

        return settings;
    }

    private static string Page()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("configuration.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static bool Fits(string known, string name)
    {
        var wanted = known.Split("__");
        var given = name.Split("__");
        return wanted.Length == given.Length && wanted.Zip(given).All(pair =>
            pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase)
            || (pair.First == "0" && int.TryParse(pair.Second, out _))
            || (pair.First.Length > 1 && pair.First.All(char.IsAsciiLetterUpper)));
    }

    private static int Distance(string one, string other)
    {
        var previous = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var current = new int[other.Length + 1];
            current[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var same = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (same ? 0 : 1));
            }

            previous = current;
        }

        return previous[^1];
    }

    [GeneratedRegex("`([A-Za-z][A-Za-z0-9_]*)`")]
    private static partial Regex Names();

    [GeneratedRegex("token|secret|password|apikey|accountkey|webhookkey|connectionstring", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
