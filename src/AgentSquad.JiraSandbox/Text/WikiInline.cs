using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSquad.JiraSandbox.Text;

/// <summary>Inline wiki markup as ADF nodes.</summary>
internal static partial class WikiInline
{
    /// <summary>A text node.</summary>
    public static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    /// <summary>The inline nodes of a paragraph's markup; a line feed is a hard break.</summary>
    public static JsonArray Read(string markup) => Read(markup, [], depth: 0);

    /// <summary>Where a table cell ends: the next bar outside of a link and not escaped.</summary>
    public static int EndOfCell(string text)
    {
        var inLink = false;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\') index++;
            else if (text[index] == '[') inLink = text.IndexOf(']', index) > 0;
            else if (text[index] == ']') inLink = false;
            else if (text[index] == '|' && !inLink) return index;
        }

        return text.Length;
    }

    private static JsonArray Read(string markup, string[] marks, int depth)
    {
        var nodes = new JsonArray();
        var plain = new StringBuilder();
        for (var index = 0; index < markup.Length;)
        {
            var rest = markup[index..];
            if (rest[0] == '\\' && rest.Length > 1 && !char.IsLetterOrDigit(rest[1]) && rest[1] != '\n')
            {
                plain.Append(rest[1]);
                index += 2;
            }
            else if (rest[0] == '&' && Entity().Match(rest) is { Success: true, Index: 0 } entity)
            {
                plain.Append(Decoded(entity));
                index += entity.Length;
            }
            else if (rest[0] == '\n')
            {
                Flush(nodes, plain, marks);
                nodes.Add(new JsonObject { ["type"] = "hardBreak" });
                index++;
            }
            else if (Special(rest, marks) is var (node, length) && node is not null)
            {
                Flush(nodes, plain, marks);
                nodes.Add(node);
                index += length;
            }
            else if (depth < 6 && (index == 0 || !char.IsLetterOrDigit(markup[index - 1])) && Span().Match(rest) is { Success: true } span)
            {
                Flush(nodes, plain, marks);
                var mark = span.ValueSpan[0] switch { '*' => "strong", '_' => "em", '-' => "strike", _ => "underline" };
                foreach (var inner in Read(span.Groups["text"].Value, [.. marks, mark], depth + 1).ToList())
                {
                    (inner!.Parent as JsonArray)!.Remove(inner);
                    nodes.Add(inner);
                }

                index += span.Length;
            }
            else
            {
                plain.Append(rest[0]);
                index++;
            }
        }

        Flush(nodes, plain, marks);
        return nodes;
    }

    private static (JsonObject? Node, int Length) Special(string rest, string[] marks)
    {
        if (Code().Match(rest) is { Success: true } code)
            return (With(Text(Unescape(code.Groups["text"].Value)), ["code"]), code.Length);
        if (Mention().Match(rest) is { Success: true } mention)
            return (new JsonObject { ["type"] = "mention", ["attrs"] = new JsonObject { ["id"] = mention.Groups["id"].Value, ["text"] = "@" + mention.Groups["id"].Value } }, mention.Length);
        if (Link().Match(rest) is { Success: true } link)
        {
            var href = link.Groups["url"].Value;
            var label = link.Groups["text"].Success ? Unescape(link.Groups["text"].Value) : href;
            var node = With(Text(label), marks);
            var list = node["marks"] as JsonArray ?? [];
            if (list.Parent is null) node["marks"] = list;
            list.Add(new JsonObject { ["type"] = "link", ["attrs"] = new JsonObject { ["href"] = href } });
            return (node, link.Length);
        }

        return (null, 0);
    }

    private static JsonObject With(JsonObject text, string[] marks)
    {
        if (marks.Length > 0) text["marks"] = new JsonArray([.. marks.Distinct().Select(mark => new JsonObject { ["type"] = mark })]);
        return text;
    }

    private static void Flush(JsonArray nodes, StringBuilder plain, string[] marks)
    {
        if (plain.Length > 0) nodes.Add(With(Text(plain.ToString()), marks));
        plain.Clear();
    }

    private static string Unescape(string text) => Entity().Replace(EscapedCharacter().Replace(text, "$1"), Decoded);

    // Jira's pages are HTML: a character by its number shows as itself.
    private static string Decoded(Match entity) =>
        int.TryParse(entity.Groups["number"].ValueSpan, out var number) && Rune.IsValid(number) && number > 0 ? new Rune(number).ToString() : entity.Value;

    [GeneratedRegex(@"&#(?<number>[0-9]{1,7});")]
    private static partial Regex Entity();

    [GeneratedRegex(@"^\{\{(?<text>.+?)\}\}")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\[~(accountid:)?(?<id>[^\]\s|]+)\]")]
    private static partial Regex Mention();

    [GeneratedRegex(@"^\[((?<text>[^\]|\n]+)\|)?(?<url>(https?://|mailto:|/|#)[^\]|\s]+)(\|[^\]]*)?\]")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?<mark>[*_+-])(?=\S)(?<text>[^\n]*?\S)\k<mark>(?![\p{L}\p{N}])")]
    private static partial Regex Span();

    [GeneratedRegex(@"\\([^\p{L}\p{N}\s])")]
    private static partial Regex EscapedCharacter();
}
