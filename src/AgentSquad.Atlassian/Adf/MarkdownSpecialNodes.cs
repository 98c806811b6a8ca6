using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Inline nodes that Markdown has no words for, as links with a scheme of their own, and back.</summary>
internal static class MarkdownSpecialNodes
{
    /// <summary>Address of a mention.</summary>
    public const string Mention = "accountid:";

    /// <summary>Address of a node that is carried over as it is.</summary>
    public const string Opaque = "adf:";

    private const string Date = "date:";
    private const string Status = "status:";
    private const string Emoji = "emoji:";

    /// <summary>A node as Markdown or as text; null when it is none of these nodes.</summary>
    public static (string Text, bool IsMarkdown)? Write(AdfNode node) => node.Type switch
    {
        "mention" => Named(MentionName(node), node.Attribute("id"), Mention),
        "date" => DateOf(node),
        "status" => Named(node.Attribute("text") ?? "", node.Attribute("color") ?? "neutral", Status),
        "emoji" => EmojiOf(node),
        "inlineCard" or "blockCard" or "embedCard" => Card(node.Attribute("url")),
        "placeholder" => (node.Attribute("text") ?? "", false),
        _ when AdfRules.IsOpaque(node) => ($"![{Escape(NameOf(node))}]({Opaque}{AdfRewrite.HashOf(node)})", true),
        _ => null,
    };

    /// <summary>The node that a link of one of our schemes stands for; null for any other link.</summary>
    /// <param name="href">The link's address.</param>
    /// <param name="text">The link's text.</param>
    public static AdfNode? Read(string href, string text)
    {
        if (After(href, Mention) is { } account)
        {
            return new AdfNode("mention") { Attributes = new JsonObject { ["id"] = account, ["text"] = text.StartsWith('@') ? text : $"@{text}" } };
        }

        if (After(href, Date) is { } timestamp && long.TryParse(timestamp, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return new AdfNode("date") { Attributes = new JsonObject { ["timestamp"] = timestamp } };
        }

        if (After(href, Status) is { } color && text.Length > 0)
        {
            var known = color is "neutral" or "purple" or "blue" or "red" or "yellow" or "green" ? color : "neutral";
            return new AdfNode("status") { Attributes = new JsonObject { ["text"] = text, ["color"] = known } };
        }

        return After(href, Emoji) is { } id && text.Length > 0
            ? new AdfNode("emoji") { Attributes = id == text ? new JsonObject { ["shortName"] = text } : new JsonObject { ["shortName"] = text, ["id"] = id } }
            : null;
    }

    /// <summary>The hash in an opaque node's address; null for any other.</summary>
    public static string? HashIn(string? href) => href is not null && href.StartsWith(Opaque, StringComparison.Ordinal) ? href[Opaque.Length..] : null;

    private static (string Text, bool IsMarkdown) Named(string name, string? id, string scheme) =>
        string.IsNullOrEmpty(id) || name.Length == 0 ? (name, false) : ($"[{Escape(name)}]({scheme}{Uri.EscapeDataString(id)})", true);

    private static (string Text, bool IsMarkdown) DateOf(AdfNode node)
    {
        var stamp = node.Attribute("timestamp") ?? "";
        return long.TryParse(stamp, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is > -62_135_596_800_000 and < 253_402_300_800_000
            ? ($"[{DateTimeOffset.FromUnixTimeMilliseconds(milliseconds):yyyy-MM-dd}]({Date}{stamp.Trim()})", true)
            : (stamp, false);
    }

    // An emoji that is a character needs no words; only a site's own picture has to be named.
    private static (string Text, bool IsMarkdown) EmojiOf(AdfNode node)
    {
        var (text, name) = (node.Attribute("text") ?? "", node.Attribute("shortName") ?? "");
        if (text.Length > 0 && !text.StartsWith(':')) return (text, false);
        return Named(name.Length > 0 ? name : text, node.Attribute("id") ?? name, Emoji);
    }

    private static (string Text, bool IsMarkdown) Card(string? url) =>
        AdfLinks.IsAllowed(url) && AdfLinks.IsAutolink(url!) ? ($"<{url}>", true) : (url ?? "", false);

    private static string MentionName(AdfNode node)
    {
        var name = node.Attribute("text") ?? "";
        if (name.Length == 0) name = node.Attribute("id") ?? "";
        return name.Length == 0 || name.StartsWith('@') ? name : $"@{name}";
    }

    private static string NameOf(AdfNode node)
    {
        var media = node.Type == "mediaSingle" ? node.Content.FirstOrDefault() : node;
        var name = media?.Attribute("alt") ?? media?.Attribute("text") ?? media?.Attribute("url") ?? media?.Attribute("extensionKey");
        return string.IsNullOrEmpty(name) ? (node.Type.Contains("xtension", StringComparison.Ordinal) ? "extension" : "attachment") : name;
    }

    private static string Escape(string text)
    {
        if (MarkdownEscape.IsBox(text)) return MarkdownEscape.Entity(text[0]);
        var output = new StringBuilder();
        MarkdownEscape.Append(output, text, startsLine: false, endsLine: true, inHeading: true);
        return output.ToString();
    }

    private static string? After(string href, string scheme) =>
        href.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && href.Length > scheme.Length ? Uri.UnescapeDataString(href[scheme.Length..]) : null;
}
