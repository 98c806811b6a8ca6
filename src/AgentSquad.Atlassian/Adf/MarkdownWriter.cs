using System.Globalization;
using System.Net;
using System.Text;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Renders blocks as Markdown.</summary>
internal sealed class MarkdownWriter
{
    public string Write(AdfNode node) => Blocks([node]);

    private string Blocks(IEnumerable<AdfNode> nodes)
    {
        var parts = new List<string>();
        var previous = "";
        var alternate = false;
        foreach (var node in AdfBlocks.Of(nodes))
        {
            var kind = node.Type switch { "bulletList" or "taskList" or "decisionList" => "bullets", "orderedList" => "numbers", _ => "" };

            // Two lists of a kind in a row would become one; the other marker keeps them apart.
            alternate = kind.Length > 0 && kind == previous && !alternate;
            var text = Block(node, alternate);
            if (text.Length == 0) continue;
            parts.Add(text);
            previous = kind;
        }

        return string.Join("\n\n", parts);
    }

    private string Block(AdfNode node, bool alternate) => node.Type switch
    {
        "paragraph" => MarkdownInlineWriter.Write(node.Content),
        "heading" => Heading(node),
        "bulletList" or "decisionList" => List(node, _ => alternate ? "* " : "- "),
        "orderedList" => List(node, index => string.Create(CultureInfo.InvariantCulture, $"{index + StartOf(node)}{(alternate ? ')' : '.')} ")),
        "taskList" => Tasks(node, alternate ? "* " : "- "),
        "codeBlock" => Code(node),
        "blockquote" => Prefix(Blocks(node.Content), "> ", "> "),
        "panel" => Panel(node),
        "expand" or "nestedExpand" => Expand(node),
        "rule" => "---",
        "table" => MarkdownTableWriter.Write(node),
        _ when AdfRules.IsOpaque(node) => MarkdownSpecialNodes.Write(node)!.Value.Text,
        _ => Blocks(node.Content),
    };

    private static string Heading(AdfNode node)
    {
        var level = int.TryParse(node.Attribute("level"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, 6) : 1;
        return $"{new string('#', level)} {MarkdownInlineWriter.Write(node.Content, oneLine: true, inHeading: true)}";
    }

    private string Panel(AdfNode node)
    {
        var name = node.Attribute("panelType") is { } type && MarkdownPanels.IsPanel(type) ? type : "info";

        // Not every block may follow a line of text at once.
        var gap = AdfBlocks.Of(node.Content).FirstOrDefault()?.Type == "paragraph" ? "\n" : "\n\n";
        return Prefix($"[!{name.ToUpperInvariant()}]{gap}{Blocks(node.Content)}", "> ", "> ");
    }

    private static int StartOf(AdfNode list) =>
        int.TryParse(list.Attribute("order"), NumberStyles.None, CultureInfo.InvariantCulture, out var order) && order < 100_000_000 ? order : 1;

    private string List(AdfNode list, Func<int, string> marker)
    {
        var items = new List<string>();
        foreach (var item in list.Content)
        {
            var mark = marker(items.Count);
            items.Add(Prefix(ItemText(item), mark, new string(' ', mark.Length)));
        }

        return string.Join('\n', items);
    }

    private string ItemText(AdfNode item)
    {
        var blocks = AdfBlocks.Of(item.Type is "listItem" or "decisionItem" ? item.Content : [item]).ToList();

        // A nested list may follow its text at once; a blank line between them would only make the list look torn.
        return blocks is [{ Type: "paragraph" } text, { Type: "bulletList" } nested] && text.Content.Count > 0 && nested.Content.Count > 0
            && Block(text, false) is { Length: > 0 } line && Block(nested, false) is ['-', ' ', not ' ', ..] list
            ? $"{line}\n{list}"
            : Blocks(item.Type is "listItem" or "decisionItem" ? item.Content : [item]);
    }

    private static string Tasks(AdfNode list, string marker)
    {
        var lines = new List<string>();
        foreach (var child in list.Content)
        {
            if (child.Type == "taskList")
            {
                var nested = Tasks(child, marker);
                lines.Add(lines.Count == 0 ? nested : Prefix(nested, "  ", "  "));
                continue;
            }

            var box = child.Attribute("state") == "DONE" ? "[x] " : "[ ] ";
            lines.Add(marker + box + MarkdownInlineWriter.Write(child.Content, oneLine: true));
        }

        return string.Join('\n', lines);
    }

    private static string Code(AdfNode node)
    {
        var text = LineEnds.Normal(node.PlainText());
        var (longest, run) = (0, 0);
        foreach (var character in text)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        var language = new string([.. (node.Attribute("language") ?? "").Where(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '#' or '-' or '.' or '_')]);
        return text.Length == 0 ? $"{fence}{language}\n{fence}" : $"{fence}{language}\n{text}\n{fence}";
    }

    private string Expand(AdfNode node)
    {
        var title = (node.Attribute("title") ?? "").ReplaceLineEndings(" ");
        return $"<details>\n<summary>{WebUtility.HtmlEncode(title)}</summary>\n\n{Blocks(node.Content)}\n\n</details>";
    }

    private static string Prefix(string text, string first, string rest)
    {
        var result = new StringBuilder();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) result.Append('\n');
            var prefix = i == 0 ? first : rest;
            result.Append(lines[i].Length == 0 ? prefix.TrimEnd() : prefix + lines[i]);
        }

        return result.ToString();
    }
}
