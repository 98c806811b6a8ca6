using System.Security.Cryptography;
using System.Text;
using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Intake;

/// <summary>The Jira sites that the app works for. Only configured base addresses count; no address from a payload is ever used.</summary>
internal sealed class SiteRegistry(IOptions<JiraOptions> jira)
{
    /// <summary>The configured site that an event belongs to, or null when it belongs to none.</summary>
    /// <param name="claimed">Base address that the payload claims to come from; null when it names none.</param>
    /// <returns>The configured base address. An event that names no site belongs to the only configured one.</returns>
    public string? Find(string? claimed)
    {
        var configured = Normalize(jira.Value.BaseUrl);
        if (configured is null || claimed is null) return configured;
        return string.Equals(Normalize(claimed), configured, StringComparison.Ordinal) ? configured : null;
    }

    /// <summary>Instance id of a ticket's runs: <c>jira-{siteHash}-{issueId}</c>. The id and not the key, because keys change.</summary>
    public static string InstanceId(string site, string issueId) => $"jira-{SiteHash(site)}-{issueId}";

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of the base address, lower case, without trailing slash.</summary>
    public static string SiteHash(string site) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Normalize(site) ?? "")))[..8];

    private static string? Normalize(string? address) =>
        string.IsNullOrWhiteSpace(address) ? null : address.Trim().TrimEnd('/').ToLowerInvariant();
}
