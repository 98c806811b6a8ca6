using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSquad.JiraSandbox.Text;

/// <summary>Reads wiki markup as ADF, so that the page and v3 readers see what a v2 writer wrote.</summary>
internal static partial class WikiReader
{
    /// <summary>The markup as a document; never throws, unknown markup stays text.</summary>
    public static JsonObject Read(string wiki)
    {
        var lines = wiki.ReplaceLineEndings("\n").Split('\n');
        return new JsonObject { ["type"] = "doc", ["version"] = 1, ["content"] = Blocks(lines, depth: 0) };
    }

    private static JsonArray Blocks(string[] lines, int depth)
    {
        var blocks = new JsonArray();
        var paragraph = new List<string>();
        for (var index = 0; index < lines.Length;)
        {
            var line = lines[index];
            if (Macro().Match(line) is { Success: true } macro && depth < 8)
            {
                Flush(blocks, paragraph);
                index = ReadMacro(lines, index, macro, blocks, depth);
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                Flush(blocks, paragraph);
                var level = int.Parse(heading.Groups["level"].Value);
                blocks.Add(Node("heading", WikiInline.Read(heading.Groups["text"].Value), new JsonObject { ["level"] = level }));
                index++;
            }
            else if (ListItem().IsMatch(line))
            {
                Flush(blocks, paragraph);
                var end = index;
                while (end < lines.Length && ListItem().IsMatch(lines[end])) end++;
                AddLists(blocks, lines[index..end].Select(item => ListItem().Match(item)).ToList(), level: 1);
                index = end;
            }
            else if (line.StartsWith('|'))
            {
                Flush(blocks, paragraph);
                var rows = new JsonArray();
                while (index < lines.Length && lines[index].StartsWith('|')) rows.Add(Row(lines[index++]));
                blocks.Add(Node("table", rows));
            }
            else if (line.Trim() == "----")
            {
                Flush(blocks, paragraph);
                blocks.Add(new JsonObject { ["type"] = "rule" });
                index++;
            }
            else if (line.StartsWith("bq. ", StringComparison.Ordinal))
            {
                Flush(blocks, paragraph);
                blocks.Add(Node("blockquote", [Node("paragraph", WikiInline.Read(line[4..]))]));
                index++;
            }
            else
            {
                if (line.Trim().Length == 0) Flush(blocks, paragraph);
                else paragraph.Add(line);
                index++;
            }
        }

        Flush(blocks, paragraph);
        return blocks;
    }

    private static int ReadMacro(string[] lines, int index, Match macro, JsonArray blocks, int depth)
    {
        var name = macro.Groups["name"].Value;
        var close = $"{{{name}}}";
        var rest = lines[index][macro.Length..];
        var body = new StringBuilder();
        var tail = "";
        var next = index + 1;
        var end = rest.IndexOf(close, StringComparison.Ordinal);
        if (end >= 0)
        {
            body.Append(rest, 0, end);
            tail = rest[(end + close.Length)..];
        }
        else
        {
            if (rest.Length > 0) body.Append(rest).Append('\n');
            for (; next < lines.Length; next++)
            {
                end = lines[next].IndexOf(close, StringComparison.Ordinal);
                if (end < 0)
                {
                    body.Append(lines[next]).Append('\n');
                    continue;
                }

                body.Append(lines[next], 0, end);
                tail = lines[next][(end + close.Length)..];
                next++;
                break;
            }
        }

        blocks.Add(MacroNode(name, macro.Groups["parameters"].Value, body.ToString().Trim('\n'), depth));
        if (tail.Trim().Length > 0) foreach (var node in Blocks([tail], depth + 1).ToList()) Move(node, blocks);
        return next;
    }

    private static JsonObject MacroNode(string name, string parameters, string body, int depth)
    {
        if (name is "code" or "noformat")
        {
            var code = new JsonObject { ["type"] = "codeBlock" };
            var language = parameters.Split('|').FirstOrDefault(part => part.Length > 0 && !part.Contains('=', StringComparison.Ordinal));
            if (language is not null) code["attrs"] = new JsonObject { ["language"] = language };
            code["content"] = body.Length == 0 ? [] : new JsonArray(WikiInline.Text(body));
            return code;
        }

        var content = Blocks(body.Split('\n'), depth + 1);
        if (content.Count == 0) content.Add(Node("paragraph", []));
        if (name == "quote") return Node("blockquote", content);
        var kind = name switch { "note" => "note", "warning" => "warning", "tip" => "success", _ => "info" };
        if (name == "panel")
        {
            var title = parameters.Split('|').FirstOrDefault(part => part.StartsWith("title=", StringComparison.Ordinal))?[6..];
            return Node("expand", content, new JsonObject { ["title"] = title ?? "" });
        }

        return Node("panel", content, new JsonObject { ["panelType"] = kind });
    }

    private static void AddLists(JsonArray blocks, List<Match> items, int level)
    {
        for (var index = 0; index < items.Count;)
        {
            var marker = Marker(items[index], level);
            var list = new JsonArray();
            while (index < items.Count && Marker(items[index], level) == marker)
            {
                var end = index + 1;
                while (end < items.Count && items[end].Groups["marker"].Length > level) end++;
                var content = new JsonArray(Node("paragraph", WikiInline.Read(items[index].Groups["text"].Value)));
                if (end > index + 1) AddLists(content, items[(index + 1)..end], level + 1);
                list.Add(Node("listItem", content));
                index = end;
            }

            blocks.Add(Node(marker == '#' ? "orderedList" : "bulletList", list));
        }
    }

    private static char Marker(Match item, int level)
    {
        var marker = item.Groups["marker"].ValueSpan;
        return marker[Math.Min(level, marker.Length) - 1] == '#' ? '#' : '*';
    }

    private static JsonObject Row(string line)
    {
        var cells = new JsonArray();
        var text = line.Trim();
        while (text.Length > 1 && text[0] == '|')
        {
            var header = text.StartsWith("||", StringComparison.Ordinal);
            text = text[(header ? 2 : 1)..];
            if (text.Length == 0) break;
            var end = WikiInline.EndOfCell(text);
            cells.Add(Node(header ? "tableHeader" : "tableCell", [Node("paragraph", WikiInline.Read(text[..end].Trim()))]));
            text = text[end..];
        }

        if (cells.Count == 0) cells.Add(Node("tableCell", [Node("paragraph", [])]));
        return Node("tableRow", cells);
    }

    private static void Flush(JsonArray blocks, List<string> paragraph)
    {
        if (paragraph.Count == 0) return;
        blocks.Add(Node("paragraph", WikiInline.Read(string.Join('\n', paragraph))));
        paragraph.Clear();
    }

    private static void Move(JsonNode? node, JsonArray target)
    {
        (node!.Parent as JsonArray)!.Remove(node);
        target.Add(node);
    }

    private static JsonObject Node(string type, JsonArray content, JsonObject? attributes = null)
    {
        var node = new JsonObject { ["type"] = type };
        if (attributes is not null) node["attrs"] = attributes;
        node["content"] = content;
        return node;
    }

    [GeneratedRegex(@"^\s*\{(?<name>code|noformat|quote|panel|info|note|warning|tip)(:(?<parameters>[^}]*))?\}")]
    private static partial Regex Macro();

    [GeneratedRegex(@"^\s*h(?<level>[1-6])\.\s+(?<text>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(?<marker>[*#]+|-)\s+(?<text>.+)$")]
    private static partial Regex ListItem();
}
