using System.Text;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Doctor;

/// <summary>The last line of defence: takes every secret that the settings hold out of what is shown, whoever put it there.</summary>
internal sealed class Redactor
{
    private const string Hidden = "***";

    // Shorter ones stand in ordinary words as well.
    private const int Shortest = 5;

    private readonly List<string> _secrets;

    /// <summary>Knows the secrets of some settings, and others that are handed over.</summary>
    public Redactor(SquadSettings settings, params IEnumerable<string?> others)
    {
        var values = settings.StartingWith("").Where(pair => SettingCatalogue.IsSecret(pair.Key)).Select(pair => pair.Value).Concat(others.OfType<string>());
        var basic = from email in (string[])["Jira__Email", "JIRA_USERNAME", "Confluence__Email", "CONFLUENCE_USERNAME", "JIRA_ADMIN_USERNAME"]
                    from token in (string[])["Jira__ApiToken", "JIRA_API_TOKEN", "Confluence__ApiToken", "CONFLUENCE_API_TOKEN", "JIRA_ADMIN_API_TOKEN"]
                    select Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.FindText(email)}:{settings.FindText(token)}"));
        _secrets = [.. values.SelectMany(Parts).Concat(basic).Where(secret => secret.Length >= Shortest).Distinct().OrderByDescending(secret => secret.Length)];
    }

    /// <summary>The text without secrets.</summary>
    public string Clean(string text) => _secrets.Aggregate(text, (shown, secret) => shown.Replace(secret, Hidden, StringComparison.Ordinal));

    /// <summary>The finding without secrets.</summary>
    public Finding Clean(Finding finding) => finding with
    {
        Found = Clean(finding.Found), Fix = finding.Fix is null ? null : Clean(finding.Fix),
    };

    // Of a connection string only what opens something; the rest of it is harmless and would take harmless words with it.
    private static IEnumerable<string> Parts(string value)
    {
        var text = value.Trim();
        if (!text.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase) && !text.Contains("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase))
        {
            return text.StartsWith("UseDevelopmentStorage", StringComparison.OrdinalIgnoreCase) ? [] : [text, Uri.EscapeDataString(text)];
        }

        return text.Split(';')
            .Where(part => part.StartsWith("AccountKey=", StringComparison.OrdinalIgnoreCase) || part.StartsWith("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase))
            .Select(part => part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
    }
}
