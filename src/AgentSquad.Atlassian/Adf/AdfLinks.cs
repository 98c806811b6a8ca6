using System.Text;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Addresses in documents: which ones may be links, and how Markdown writes them.</summary>
internal static class AdfLinks
{
    /// <summary>Whether an address may be a link: one that opens a page or a mail, never script or the schemes that Markdown uses for nodes.</summary>
    public static bool IsAllowed(string? href) =>
        href is { Length: > 0 and <= 8_000 }
        && Uri.TryCreate(href, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" or "mailto" or "tel" or "ftp"
        && href.Contains(':', StringComparison.Ordinal);

    /// <summary>The address in a form that Markdown reads back as it was.</summary>
    public static string Destination(string href)
    {
        if (href.Length > 0 && href.All(IsPlain)) return href;
        var escaped = new StringBuilder(href.Length + 8).Append('<');
        foreach (var character in href)
        {
            escaped.Append(character switch
            {
                '<' or '>' or '\\' or '&' => $"\\{character}",
                '\n' or '\r' or '\t' or ' ' => Uri.HexEscape(character),
                _ => character.ToString(),
            });
        }

        return escaped.Append('>').ToString();
    }

    /// <summary>Whether the address can stand between angle brackets on its own.</summary>
    public static bool IsAutolink(string href) =>
        (href.StartsWith("https://", StringComparison.Ordinal) || href.StartsWith("http://", StringComparison.Ordinal))
        && !href.Any(character => character is '<' or '>' or '&' || char.IsWhiteSpace(character) || char.IsControl(character));

    private static bool IsPlain(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is ':' or '/' or '?' or '#' or '@' or '=' or '%' or '.' or '-' or '+' or ',' or ';' or '~';
}
