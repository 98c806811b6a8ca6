using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Doctor;

/// <summary>The settings themselves: files, names, contradictions, and what the function app would refuse.</summary>
internal sealed partial class SettingsCheck(SquadSettings settings, string folder, Func<IReadOnlyList<string>> complaints)
{
    private const string PlaceholderSite = "your-site.atlassian.net";
    private const string PlaceholderEmail = "squad@example.com";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The checks.</summary>
    public IEnumerable<DiagnosticCheck> Checks =>
    [
        new("settings.files", "Looking at the settings files", _ => Done(Files())),
        new("settings.names", "Looking at the settings' names", _ => Done(Names())),
        new("settings.values", "Asking the function app's own rules", _ => Done(Values())),
    ];

    private static Task<IReadOnlyList<Finding>> Done(IEnumerable<Finding> findings) => Task.FromResult<IReadOnlyList<Finding>>([.. findings]);

    private IEnumerable<Finding> Files()
    {
        var there = ((string[])[SquadSettings.LocalSettingsFile, SquadSettings.DotEnvFile]).Where(name => File.Exists(Path.Combine(folder, name))).ToList();
        yield return Finding.Ok(
            "settings.files", there.Count > 0 ? $"Read: {string.Join(", ", there)}, then the environment; later wins." : "There is no settings file; the environment alone counts.");
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var name in there)
        {
            var holdsSecrets = settings.StartingWith("").Any(pair => settings.SourceOf(pair.Key) == name && pair.Value.Length > 0 && IsRealSecret(pair));
            if (holdsSecrets && (File.GetUnixFileMode(Path.Combine(folder, name)) & Others) != 0)
            {
                yield return Finding.Warning("settings.files", $"{name} holds secrets, and others on this machine may read it.", $"chmod 600 {name}");
            }
        }
    }

    private static bool IsRealSecret(KeyValuePair<string, string> pair) =>
        SettingCatalogue.IsSecret(pair.Key) && !pair.Value.StartsWith("UseDevelopmentStorage", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<Finding> Names()
    {
        foreach (var (name, _) in settings.StartingWith("").Where(pair => !SettingCatalogue.IsKnown(pair.Key)))
        {
            var nearest = SettingCatalogue.Nearest(name);
            yield return Finding.Warning(
                "settings.names",
                $"Nothing reads the setting {name}.",
                nearest is null ? "Remove it; docs/configuration.md lists every setting." : $"Did you mean {nearest}? docs/configuration.md lists every setting.",
                name);
        }

        foreach (var (name, other) in SettingCatalogue.Aliases)
        {
            if (settings.FindText(name) is { } first && settings.FindText(other) is { } second && first.TrimEnd('/') != second.TrimEnd('/'))
            {
                yield return Finding.Warning(
                    "settings.names",
                    $"{name} ({settings.SourceOf(name)}) and {other} ({settings.SourceOf(other)}) differ; {name} wins.",
                    $"Remove one of the two.",
                    name);
            }
        }
    }

    private IEnumerable<Finding> Values()
    {
        if (settings.FindText("Jira__BaseUrl", "JIRA_URL")?.Contains(PlaceholderSite, StringComparison.OrdinalIgnoreCase) == true)
        {
            yield return Finding.Error("settings.values", "Jira__BaseUrl is still the example's.", "Set it to your site's address.", "Jira__BaseUrl");
        }

        if (settings.FindText("Jira__Email", "JIRA_USERNAME") == PlaceholderEmail)
        {
            yield return Finding.Error("settings.values", "Jira__Email is still the example's.", "Set it to the e-mail address of the squad's account.", "Jira__Email");
        }

        var refused = complaints();
        if (refused.Count == 0) yield return Finding.Ok("settings.values", "The function app accepts the settings.");
        foreach (var complaint in refused) yield return Of(complaint);
    }

    /// <summary>A complaint of the app as a finding: what comes after its first colon, or after a semicolon and an order, is the fix.</summary>
    public static Finding Of(string complaint)
    {
        if (Annotation().Match(complaint) is { Success: true } annotated) complaint = annotated.Groups["message"].Value;
        if (Conversion().Match(complaint) is { Success: true } match)
        {
            var setting = match.Groups["path"].Value.Replace(":", "__", StringComparison.Ordinal);
            return Finding.Error(
                "settings.values", $"{setting} is no {match.Groups["type"].Value}.", "Give it a value of that kind, or remove it for the default; docs/configuration.md has examples.", setting);
        }

        var name = SettingName().Match(complaint) is { Success: true } named ? named.Value : null;
        return FixInside().Match(complaint) is { Success: true } parts
            ? Finding.Error("settings.values", parts.Groups["found"].Value + ".", char.ToUpperInvariant(parts.Groups["fix"].Value[0]) + parts.Groups["fix"].Value[1..], name)
            : Finding.Error("settings.values", complaint, "Change it accordingly, or remove it for the default.", name);
    }

    [GeneratedRegex(@"^[A-Za-z]+(__\w+)+")]
    private static partial Regex SettingName();

    [GeneratedRegex(@"^DataAnnotation validation failed.* with the error: '(?<message>.*)'\.$")]
    private static partial Regex Annotation();

    [GeneratedRegex(@"^(?<found>.+?)(: |; (?=set |correct |remove |the roles are ))(?<fix>.+)$", RegexOptions.Singleline)]
    private static partial Regex FixInside();

    [GeneratedRegex(@"at '(?<path>[^']+)' to type '(?:[\w.]+[.+])?(?<type>\w+)'")]
    private static partial Regex Conversion();
}
