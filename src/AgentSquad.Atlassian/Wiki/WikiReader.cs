using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>Reads wiki markup into a document.</summary>
internal sealed partial class WikiReader
{
    private const int MaxDepth = 20;

    private readonly string[] _lines;
    private readonly int _depth;
    private int _at;
    private int _tasks;

    private WikiReader(string[] lines, int depth) => (_lines, _depth) = (lines, depth);

    public static AdfNode Read(string wiki) =>
        new("doc", AdfRules.Fit("doc", new WikiReader(LineEnds.Normal(wiki).Split('\n'), 0).Blocks()));

    private List<AdfNode> Blocks()
    {
        var nodes = new List<AdfNode>();
        while (_at < _lines.Length)
        {
            var line = _lines[_at];
            if (line.Trim().Length == 0) _at++;
            else if (Macro().Match(line) is { Success: true } macro && _depth < MaxDepth) nodes.AddRange(Body(macro));
            else if (Heading().Match(line) is { Success: true } heading) nodes.Add(HeadingOf(heading));
            else if (line.StartsWith("bq. ", StringComparison.Ordinal)) nodes.Add(new AdfNode("blockquote", Paragraph([Next()[4..]])));
            else if (Rule().IsMatch(line)) nodes.Add(RuleNode());
            else if (ListLine().IsMatch(line)) nodes.AddRange(Lists());
            else if (line.StartsWith('|')) nodes.Add(Table());
            else nodes.Add(Paragraph(Running()));
        }

        return nodes;
    }

    private string Next() => _lines[_at++];

    private AdfNode RuleNode()
    {
        _at++;
        return new AdfNode("rule");
    }

    private AdfNode HeadingOf(Match heading)
    {
        _at++;
        var level = int.Parse(heading.Groups["level"].Value, CultureInfo.InvariantCulture);
        return new AdfNode("heading", WikiInlineReader.Read(heading.Groups["text"].Value)) { Attributes = new JsonObject { ["level"] = level } };
    }

    private static AdfNode Paragraph(IEnumerable<string> lines) => new("paragraph", WikiInlineReader.Read(string.Join('\n', lines)));

    private List<string> Running()
    {
        var running = new List<string> { Next() };
        while (_at < _lines.Length && _lines[_at] is var line && line.Trim().Length > 0 && !Macro().IsMatch(line) && !Heading().IsMatch(line)
            && !Rule().IsMatch(line) && !ListLine().IsMatch(line) && !line.StartsWith('|') && !line.StartsWith("bq. ", StringComparison.Ordinal))
        {
            running.Add(Next());
        }

        return running;
    }

    private IEnumerable<AdfNode> Body(Match macro)
    {
        var name = macro.Groups["name"].Value;
        var parameters = macro.Groups["parameters"].Value;
        var end = $"{{{name}}}";
        var body = new List<string>();
        var rest = macro.Groups["rest"].Value;
        _at++;
        var closed = false;
        for (var line = rest; ; line = Next())
        {
            var at = line.IndexOf(end, StringComparison.Ordinal);
            if (at >= 0)
            {
                if (at > 0 || body.Count == 0) body.Add(line[..at]);
                if (line[(at + end.Length)..].Trim().Length > 0) _lines[--_at] = line[(at + end.Length)..];
                closed = true;
                break;
            }

            body.Add(line);
            if (_at >= _lines.Length) break;
        }

        if (body.Count > 1 && body[0].Trim().Length == 0) body.RemoveAt(0);
        if (!closed && name is "quote" or "panel") return [new AdfNode("paragraph", AdfNode.OfText(macro.Groups["open"].Value)), .. Inner(body)];
        return name switch
        {
            "code" or "noformat" => [Code(name, parameters, body)],
            "quote" => [new AdfNode("blockquote", AdfRules.Fit("blockquote", Inner(body)))],
            _ => Panel(parameters, Inner(body)),
        };
    }

    private List<AdfNode> Inner(List<string> body) => new WikiReader([.. body], _depth + 1).Blocks();

    private static AdfNode Code(string name, string parameters, List<string> body)
    {
        var text = string.Join('\n', body);
        var language = name == "code" ? parameters.Split('|').Select(part => part.StartsWith("language=", StringComparison.Ordinal) ? part[9..] : part)
            .FirstOrDefault(part => part.Length > 0 && !part.Contains('=', StringComparison.Ordinal)) : null;
        return new AdfNode("codeBlock", text.Length == 0 ? [] : [AdfNode.OfText(text)])
        {
            Attributes = language is null ? null : new JsonObject { ["language"] = language },
        };
    }

    private static IEnumerable<AdfNode> Panel(string parameters, List<AdfNode> content)
    {
        var title = parameters.Split('|').FirstOrDefault(part => part.StartsWith("title=", StringComparison.Ordinal))?[6..] ?? "";
        if (title.Length > 0 && WikiPanels.TypeOf(title) is null)
        {
            return [new AdfNode("expand", AdfRules.Fit("expand", content)) { Attributes = new JsonObject { ["title"] = title } }];
        }

        return [new AdfNode("panel", AdfRules.Fit("panel", content)) { Attributes = new JsonObject { ["panelType"] = WikiPanels.TypeOf(title) ?? "info" } }];
    }

    private IEnumerable<AdfNode> Lists()
    {
        var items = new List<(string Marks, string Text)>();
        while (_at < _lines.Length && ListLine().Match(_lines[_at]) is { Success: true } match)
        {
            items.Add((match.Groups["marks"].Value, match.Groups["text"].Value));
            _at++;
        }

        for (var i = 0; i < items.Count;)
        {
            var mark = items[i].Marks[0];
            var end = i;
            while (end < items.Count && items[end].Marks[0] == mark) end++;
            yield return List(items.GetRange(i, end - i), 1);
            i = end;
        }
    }

    private AdfNode List(List<(string Marks, string Text)> items, int depth)
    {
        var list = new AdfNode(items[0].Marks[Math.Min(depth, items[0].Marks.Length) - 1] == '#' ? "orderedList" : "bulletList");
        var isTasks = depth == 1 && items.TrueForAll(item => item.Marks == "*" && item.Text is ['☐' or '☑', ' ', ..]);
        if (isTasks) return Tasks(items);
        for (var i = 0; i < items.Count;)
        {
            var item = new AdfNode("listItem");
            var start = i;
            if (items[i].Marks.Length <= depth)
            {
                item.Content.Add(Paragraph([items[i].Text]));
                i++;
            }

            var end = i;
            while (end < items.Count && items[end].Marks.Length > depth) end++;
            if (end > i) item.Content.Add(List(items.GetRange(i, end - i), depth + 1));
            i = Math.Max(end, start + 1);
            list.Content.Add(new AdfNode("listItem", AdfRules.Fit("listItem", item.Content)));
        }

        return list;
    }

    private AdfNode Tasks(List<(string Marks, string Text)> items) => new("taskList", items.Select(item =>
        new AdfNode("taskItem", WikiInlineReader.Read(item.Text[2..])) { Attributes = new JsonObject { ["localId"] = TaskId(), ["state"] = item.Text[0] == '☑' ? "DONE" : "TODO" } }))
    {
        Attributes = new JsonObject { ["localId"] = TaskId() },
    };

    private string TaskId() => string.Create(CultureInfo.InvariantCulture, $"wiki-{_depth}-{_at}-{++_tasks}");

    private AdfNode Table()
    {
        var rows = new List<AdfNode>();
        while (_at < _lines.Length && _lines[_at].StartsWith('|')) rows.Add(WikiTableRow.Read(Next()));
        var columns = rows.Max(row => row.Content.Count);
        foreach (var row in rows)
        {
            while (row.Content.Count < columns) row.Content.Add(new AdfNode("tableCell", new AdfNode("paragraph")));
        }

        return new AdfNode("table", rows);
    }

    [GeneratedRegex(@"^\s*(?<open>\{(?<name>code|noformat|quote|panel)(:(?<parameters>[^}]*))?\})(?<rest>.*)$")]
    private static partial Regex Macro();

    [GeneratedRegex(@"^\s*h(?<level>[1-6])\.\s+(?<text>.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*-{4,}\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s*(?<marks>[*#]{1,12}|-)\s+(?<text>\S.*)$")]
    private static partial Regex ListLine();
}
