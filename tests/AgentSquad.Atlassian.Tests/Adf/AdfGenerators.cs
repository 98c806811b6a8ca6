using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Adf;
using CsCheck;

namespace AgentSquad.Atlassian.Tests.Adf;

/// <summary>Documents and texts as editors, people and attackers make them.</summary>
internal static partial class AdfGenerators
{
    private static readonly string[] Pieces =
    [
        "a", "word", "two words", "Größe", "日本", "😀", " ", "  ", "\u00a0", "*", "**", "_", "__", "~", "~~", "`", "```", "\\", "[", "]", "(", ")",
        "[x](accountid:1)", "[~accountid:1]", "![x](adf:00)", "<", ">", "<b>", "</details>", "<!--", "&", "&amp;", "&#42;", "#", "# ", "- ", "+ ", "1. ", "7) ",
        "- [ ] ", "> ", "> [!NOTE]", "|", "| - |", "---", "===", "!", "http://x.example/a_b*c", "https://x", "www.x.example", "user@x.example", ":smile:",
        "\n", "\r\n", "\t", "\n\n", "    ", "snake_case_name", "2*3*4", "{{x}}", "$x$", "^", "@all", ".", ":", "\u0001", "\u2028", "h*i", "'", "\"", "\f",
    ];

    public static Gen<string> Text { get; } = Gen.OneOf(
        Pick(Pieces).Array[1, 8].Select(string.Concat),
        Gen.String[1, 20].Select(Clean)).Where(text => text.Length > 0);

    private static readonly Gen<string> Words = Gen.OneOf(
        Pick("a", "word", "two words", "Größe", "日本", "😀", "x_y", "*", "1.", "[", "end.", "(", "!", "<b>", "a|b", "~", "#1", "&lt;").Array[1, 4]
            .Select(parts => string.Join(' ', parts)),
        Gen.String[Gen.Char.AlphaNumeric, 1, 12]);

    private static readonly Gen<AdfMark[]> Marks = Gen.OneOf(
        Gen.Const<AdfMark[]>([]),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Bool).Select((strong, em, strike, underline, subsup, link) =>
        {
            var marks = new List<AdfMark>();
            if (link) marks.Add(new AdfMark("link", new JsonObject { ["href"] = "https://x.example/a_(b)?q=1&r=%20#f" }));
            if (strong) marks.Add(new AdfMark("strong"));
            if (em) marks.Add(new AdfMark("em"));
            if (strike) marks.Add(new AdfMark("strike"));
            if (underline) marks.Add(new AdfMark("underline"));
            if (subsup > 1) marks.Add(new AdfMark("subsup", new JsonObject { ["type"] = subsup == 2 ? "sub" : "sup" }));
            return marks.ToArray();
        }),
        Gen.Const<AdfMark[]>([new AdfMark("code")]));

    private static readonly Gen<AdfNode> Special = Gen.OneOf(
        Gen.Const(() => new AdfNode("mention") { Attributes = new JsonObject { ["id"] = "557058:f1-2", ["text"] = "@Rita [x] *R*" } }),
        Gen.Const(() => new AdfNode("date") { Attributes = new JsonObject { ["timestamp"] = "1767225600000" } }),
        Gen.Const(() => new AdfNode("status") { Attributes = new JsonObject { ["text"] = "IN *REVIEW*", ["color"] = "yellow" } }),
        Gen.Const(() => new AdfNode("emoji") { Attributes = new JsonObject { ["shortName"] = ":parrot:", ["id"] = "atlassian-parrot" } }));

    private static readonly Gen<AdfNode> TextNode = Gen.Select(Words, Marks).Select((text, marks) => AdfNode.OfText(text, marks));

    private static readonly Gen<AdfNode[]> Inlines = Gen.Select(
        Gen.Frequency((6, TextNode), (1, Special), (1, Gen.Const(() => new AdfNode("hardBreak")))).Array[1, 5], TextNode)
        .Select((nodes, last) => Merge([.. nodes, last]));

    private static readonly Gen<AdfNode> ParagraphNode = Inlines.Select(inlines => new AdfNode("paragraph", inlines));

    private static readonly Gen<AdfNode> Code = Gen.Select(
        Pick("x = 1;", "", "```", "a\n\n  b\n", "# no", "</details>", "> q"), Pick("", "csharp", "c++")).Select((text, language) =>
        new AdfNode("codeBlock", text.Length == 0 ? [] : [AdfNode.OfText(text)])
        {
            Attributes = language.Length == 0 ? null : new JsonObject { ["language"] = language },
        });

    private static readonly Gen<AdfNode> Tasks = Gen.Select(Gen.Bool, Inlines).Array[1, 3].Select(items => new AdfNode("taskList", items.Select(item =>
        new AdfNode("taskItem", item.Item2) { Attributes = new JsonObject { ["localId"] = "x", ["state"] = item.Item1 ? "DONE" : "TODO" } }))
    {
        Attributes = new JsonObject { ["localId"] = "x" },
    });

    private static readonly Gen<AdfNode> Table = Gen.Select(Gen.Bool, Gen.Int[1, 3], Gen.Int[1, 3]).SelectMany((header, columns, rows) =>
        Inlines.Array[columns].Array[rows].Select(cells => new AdfNode("table", cells.Select((row, index) => new AdfNode(
            "tableRow", row.Select(cell => new AdfNode(header && index == 0 ? "tableHeader" : "tableCell", new AdfNode("paragraph", cell))))))));

    private static Gen<AdfNode> List(int depth) => Gen.Select(
        Gen.Bool, Gen.Int[1, 12], (depth > 1 ? ParagraphNode.Select(one => new[] { one }) : Gen.Select(ParagraphNode, Gen.OneOf(ParagraphNode, Code, List(depth + 1)).Array[0, 2])
            .Select((first, rest) => new[] { first }.Concat(rest).ToArray())).Array[1, 3])
        .Select((ordered, start, items) => new AdfNode(ordered ? "orderedList" : "bulletList", items.Select(item => new AdfNode("listItem", item)))
        {
            Attributes = ordered && start > 1 ? new JsonObject { ["order"] = start } : null,
        });

    private static readonly Gen<AdfNode> Heading = Gen.Select(Gen.Int[1, 6], Inlines).Select((level, inlines) =>
        new AdfNode("heading", inlines) { Attributes = new JsonObject { ["level"] = level } });

    private static readonly Gen<AdfNode> Simple = Gen.Frequency(
        (4, ParagraphNode), (2, List(0)), (1, Code), (1, Tasks), (1, Heading), (1, Gen.Const(() => new AdfNode("rule"))));

    private static readonly Gen<AdfNode> Quote = Gen.OneOf(ParagraphNode, List(0), Code).Array[1, 3].Select(blocks => new AdfNode("blockquote", blocks));

    private static readonly Gen<AdfNode> Panel = Gen.Select(Pick("info", "note", "warning", "success", "error"), Simple.Array[1, 3])
        .Select((type, blocks) => new AdfNode("panel", blocks) { Attributes = new JsonObject { ["panelType"] = type } });

    private static readonly Gen<AdfNode> Expand = Gen.Select(Pick("More", "a < b & c", ""), Gen.OneOf(Simple, Quote, Panel, Table).Array[1, 3])
        .Select((title, blocks) => new AdfNode("expand", blocks) { Attributes = new JsonObject { ["title"] = title } });

    public static Gen<AdfNode> Document { get; } = Gen.OneOf(Simple, Quote, Panel, Expand, Table).Array[1, 5].Select(blocks => new AdfNode("doc", blocks));

    /// <summary>Text that people and models write as Markdown, right or wrong.</summary>
    public static Gen<string> Markdown { get; } = Pick(
        "word", "Two words", "# ", "## Heading\n", "- item\n", "- [ ] todo\n", "- [x] done\n", "1. one\n", "  - nested\n", "    indented\n", "> quote\n",
        "> [!WARNING]\n> careful\n", "> [!ODD]\n", "```csharp\n", "```\n", "code`", "**bold**", "*em*", "_em_", "~~gone~~", "[link](https://x.example)",
        "[bad](javascript:alert)", "![pic](https://x.example/p.png)", "<https://x.example>", "https://x.example/a_b.", "[ref]", "[ref]: https://r.example \"t\"\n",
        "| a | b |\n| --- | --- |\n| c | d |\n", "|", "---\n", "\n", "\n\n", " ", "<details>\n<summary>More</summary>\n\n", "\n</details>\n", "<div>html</div>",
        "<br>", "<u>under</u>", "<sub>s", "&amp;", "\\", "*", "**", "_", "`", "[@Rita](accountid:1)", "[OPEN](status:green)", "[d](date:1)", "![x](adf:00)", "  \n")
        .Array[1, 14].Select(string.Concat);

    /// <summary>Text that people write as wiki markup, right or wrong.</summary>
    public static Gen<string> WikiText { get; } = Pick(
        "word", "*", "_", "-", "+", "^", "~", "{*}", "{{", "}}", "[", "]", "|", "||", "!", "!a.png!", "{code}", "{code:sql}\n", "{noformat}", "{quote}", "{panel:title=x}",
        "{panel}", "{color:red}", "{color}", "h1. ", "bq. ", "* ", "** ", "# ", "- ", "----\n", "\n", "\n\n", "\\\\", "\\", "[~rita]", "[x|https://x.example]", "&amp;", " ")
        .Array[1, 16].Select(string.Concat);

    public static Gen<string> AnyJson { get; } = Gen.Recursive<string>((depth, nested) => depth > 3
        ? Pick("null", "0", "\"t\"", "[]", "{}", "\"\\ud800\"", "true")
        : Gen.OneOf(
            Pick("null", "1e99", "\"t\"", "[]", "{}", "\"\\ud800\"", "{\"type\":\"text\",\"text\":\"x\\udc00\"}", "{\"type\":\"hardBreak\"}"),
            nested.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"),
            Gen.Select(
                Pick("doc", "paragraph", "text", "heading", "bulletList", "orderedList", "listItem", "codeBlock", "table", "tableRow", "tableCell", "panel",
                    "expand", "mention", "emoji", "date", "status", "media", "mediaSingle", "mediaGroup", "taskList", "taskItem", "inlineCard", "extension",
                    "layoutSection", "unknown"),
                nested, nested, Pick("id", "text", "level", "timestamp", "url", "order", "localId"), nested)
                .Select((type, content, marks, name, value) => $$"""{"type":"{{type}}","content":[{{content}}],"attrs":{"{{name}}":{{value}} },"marks":[{{marks}}]}"""),
            Gen.Select(Pick("type", "content", "attrs", "marks", "text"), nested).Array[0, 4]
                .Select(pairs => $"{{{string.Join(',', pairs.Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}")));

    public static IEnumerable<string> WordsIn(string text) => Word().Matches(text).Select(match => match.Value).Where(word => word is not ("csharp" or "details" or "summary" or "WARNING" or "accountid" or "green" or "status" or "date" or "adf" or "sub" or "amp"));

    // Neighbours with the same marks are one node, space at a node's edge belongs to the text, and a break at the end says nothing.
    private static AdfNode[] Merge(AdfNode[] nodes)
    {
        var merged = new List<AdfNode>();
        foreach (var node in nodes)
        {
            if (node.Text is not null && merged.Count > 0 && merged[^1].Text is { } before && Same(merged[^1], node))
            {
                merged[^1] = AdfNode.OfText(before + node.Text, node.Marks);
            }
            else
            {
                merged.Add(node);
            }
        }

        return [.. merged];
    }

    private static bool Same(AdfNode one, AdfNode other) =>
        one.Marks.Count == other.Marks.Count && one.Marks.TrueForAll(mark => other.Marks.Exists(candidate => candidate.Same(mark)));

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // No JSON carries half a surrogate pair, and no XML-backed Jira carries NUL.
    private static string Clean(string text) => AdfNode.OfText(text).Text!.Replace("\0", "", StringComparison.Ordinal);

    [GeneratedRegex("[A-Za-z]{3,}")]
    private static partial Regex Word();
}
