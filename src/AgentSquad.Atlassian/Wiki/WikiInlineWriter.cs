using System.Globalization;
using System.Text;
using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>Renders what stands within a line.</summary>
internal static class WikiInlineWriter
{
    /// <summary>Name of the attribute in which an attachment keeps its own markup.</summary>
    public const string MarkupAttribute = "wiki";

    public static string Write(IEnumerable<AdfNode> nodes, string lineBreak)
    {
        var output = new StringBuilder();
        var all = nodes.ToList();
        for (var i = 0; i < all.Count; i++) One(output, all[i], lineBreak, i + 1 == all.Count || all[i + 1].Type == "hardBreak");
        return output.ToString();
    }

    private static void One(StringBuilder output, AdfNode node, string lineBreak, bool endsLine)
    {
        switch (node.Type)
        {
            case "text":
                Text(output, node, endsLine);
                break;
            case "hardBreak":
                output.Append(lineBreak);
                break;
            case "mention" when node.Attribute("id") is { Length: > 0 } id:
                output.Append("[~").Append(id.Replace("]", "", StringComparison.Ordinal)).Append(']');
                break;
            case "date" when long.TryParse(node.Attribute("timestamp"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stamp)
                && stamp is > -62_135_596_800_000 and < 253_402_300_800_000:
                output.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeMilliseconds(stamp):yyyy-MM-dd}");
                break;
            case "status":
                Text(output, AdfNode.OfText(node.Attribute("text") ?? "", new AdfMark("strong")), endsLine);
                break;
            case "inlineCard" or "blockCard" or "embedCard" when node.Attribute("url") is { } url && AdfLinks.IsAllowed(url):
                output.Append(Link("", url));
                break;
            case "emoji":
                WikiEscape.Append(output, node.Attribute("text") ?? node.Attribute("shortName") ?? "", endsLine);
                break;
            case var _ when node.Attribute(MarkupAttribute) is { } own:
                output.Append(own);
                break;
            default:
                foreach (var child in node.Content) One(output, child, lineBreak, endsLine);
                break;
        }
    }

    private static void Text(StringBuilder output, AdfNode node, bool endsLine)
    {
        if (node.Text is not { Length: > 0 } text) return;
        var link = node.Marks.Find(mark => mark.Type == "link")?.Href;
        if (link is not null && AdfLinks.IsAllowed(link) && text == link && node.Marks.Count == 1)
        {
            output.Append(Link("", link));
            return;
        }

        var inner = new StringBuilder();

        // The run is escaped where it will stand: whether it starts a line depends on what is before it.
        if (link is null && node.Marks.Count == 0 && (output.Length == 0 || output[^1] == '\n'))
        {
            WikiEscape.Append(output, text, endsLine);
            return;
        }

        inner.Append(' ');
        WikiEscape.Append(inner, text, endsLine);
        inner.Remove(0, 1);
        var signs = node.Marks.Exists(mark => mark.Type == "code") ? [] : node.Marks.Select(SignOf).OfType<string>().ToList();
        var result = node.Marks.Exists(mark => mark.Type == "code") ? $"{{{{{inner}}}}}" : inner.ToString();

        // In braces a sign works within a word too, and next to any other sign.
        foreach (var sign in signs) result = $"{{{sign}}}{result}{{{sign}}}";
        output.Append(link is not null && AdfLinks.IsAllowed(link) ? Link(result, link) : result);
    }

    private static string Link(string text, string href)
    {
        var target = new StringBuilder();
        foreach (var character in href)
        {
            if (character is ']' or '[' or '|' or '{' or '}' or '\\' or '!' or '^' || char.IsWhiteSpace(character)) target.Append(Uri.HexEscape(character > 0xff ? ' ' : character));
            else target.Append(character);
        }

        return text.Length > 0 ? $"[{text}|{target}]" : $"[{target}]";
    }

    private static string? SignOf(AdfMark mark) => mark.Type switch
    {
        "strong" => "*",
        "em" => "_",
        "strike" => "-",
        "underline" => "+",
        "subsup" => mark.Attributes?["type"]?.ToString() == "sup" ? "^" : "~",
        _ => null,
    };
}
