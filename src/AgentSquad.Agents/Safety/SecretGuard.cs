using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Agents.Safety;

/// <summary>
/// Takes secrets out of text: those of this app's own configuration by value (also as Base64 and percent-encoded), those of others by their
/// shape. Used on everything that goes to a model, comes from one, or is written on a ticket.
/// </summary>
public sealed partial class SecretGuard
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Placeholder = "[redacted]";

    private const int ShortestSecret = 8;

    private static readonly string[] SecretNames =
    [
        "apikey", "apitoken", "api_token", "webhooksecret", "previouswebhooksecret", "webhookkey", "password", "secret", "clientsecret", "accountkey",
        "token", "authtoken", "accesstoken", "masterkey",
    ];

    private readonly Func<IReadOnlyCollection<string>?>? _late;
    private string[] _known;
    private volatile bool _knowsAll;

    /// <summary>Knows the secrets of a configuration: values of settings whose names end like a secret's, keys within connection strings, and
    /// everything that MCP servers get as environment or headers.</summary>
    /// <param name="configuration">The root configuration.</param>
    /// <param name="late">
    /// Secrets that come into being after the start, such as the host's own keys: asked before each look until it returns something other than
    /// null. Null for none.
    /// </param>
    public SecretGuard(IConfiguration configuration, Func<IReadOnlyCollection<string>?>? late = null)
        : this(configuration.AsEnumerable().SelectMany(pair => SecretsOf(pair.Key, pair.Value ?? ""))) => (_late, _knowsAll) = (late, late is null);

    /// <summary>Knows the given secrets; those under eight characters are passed over.</summary>
    /// <param name="secrets">The secrets.</param>
    public SecretGuard(IEnumerable<string> secrets) => (_known, _knowsAll) = (AllForms(secrets), true);

    /// <summary>The text without secrets.</summary>
    /// <param name="text">Any text; null is empty.</param>
    public string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = text;
        foreach (var secret in Known()) clean = clean.Replace(secret, Placeholder, StringComparison.Ordinal);
        return Shapes().Replace(clean, match => match.Groups["keep"].Value + Placeholder);
    }

    /// <summary>Whether the text holds a secret.</summary>
    /// <param name="text">Any text.</param>
    public bool HasSecret(string? text) => !string.Equals(Clean(text), text ?? "", StringComparison.Ordinal);

    private string[] Known()
    {
        // Two threads may both be the first; they find the same.
        if (_knowsAll || _late?.Invoke() is not { } more) return _known;
        var all = AllForms(_known.Concat(more));
        (_known, _knowsAll) = (all, true);
        return all;
    }

    private static string[] AllForms(IEnumerable<string> secrets) =>
    [
        .. secrets.Select(secret => secret.Trim()).Where(secret => secret.Length >= ShortestSecret).SelectMany(Forms).Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length),
    ];

    private static IEnumerable<string> SecretsOf(string key, string value)
    {
        if (value.Length < ShortestSecret) return [];
        var name = key[(key.LastIndexOf(':') + 1)..];
        var isMcp = key.Contains(":Mcp:Servers:", StringComparison.OrdinalIgnoreCase)
            && (key.Contains(":Environment:", StringComparison.OrdinalIgnoreCase) || key.Contains(":Headers:", StringComparison.OrdinalIgnoreCase));
        var inConnection = AccountKeys().Matches(value).Select(match => match.Groups[1].Value);
        var last = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        var isSecret = Array.Exists(SecretNames, ending => last.EndsWith(ending.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            || last.EndsWith("key", StringComparison.OrdinalIgnoreCase) && last.Contains("api", StringComparison.OrdinalIgnoreCase);
        // A header or variable often holds a word and the secret after it.
        return inConnection.Concat(isSecret || isMcp ? [value, .. value.Split(' ').Where(part => part.Length >= 16)] : []);
    }

    private static IEnumerable<string> Forms(string secret) =>
        [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Uri.EscapeDataString(secret)];

    [GeneratedRegex("(?:AccountKey|SharedAccessKey|SharedAccessSignature)=([^;]{8,})", RegexOptions.IgnoreCase)]
    private static partial Regex AccountKeys();

    // Shapes that issuers use, so that a hit is hardly ever anything else. No repetition within a repetition: linear on any text.
    [GeneratedRegex(
        "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\\s\\\\]+(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?" +
        "|\\b(?:sk|pk|rk)-(?:ant-|proj-|svcacct-)?[A-Za-z0-9_-]{20,}" +
        "|\\bgh[pousr]_[A-Za-z0-9]{30,}|\\bgithub_pat_[A-Za-z0-9_]{22,}|\\bglpat-[A-Za-z0-9_-]{20,}" +
        "|\\bxox[abprs]-[A-Za-z0-9-]{10,}|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[A-Za-z0-9_-]{35}|\\bATATT[A-Za-z0-9_=-]{20,}" +
        "|\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}" +
        // Keys of functions: by their mark on Azure, by where they stand on any host.
        "|\\b[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw](?:==|%3[Dd]%3[Dd])?" +
        "|(?<keep>[?&]code=)[A-Za-z0-9_%=-]{20,}|(?<keep>\\b[Xx]-[Ff]unctions-[Kk]ey[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?)[A-Za-z0-9_%=/+-]{20,}" +
        "|(?<keep>(?:AccountKey|SharedAccessKey|sig)=)[A-Za-z0-9+/%]{30,}={0,2}" +
        "|(?<keep>\\b[Bb]earer )[A-Za-z0-9._~+/=-]{20,}|(?<keep>\\b[a-z][a-z0-9+.-]{1,20}://[^\\s/:@]{1,100}:)[^\\s/@]{3,200}@")]
    private static partial Regex Shapes();
}
