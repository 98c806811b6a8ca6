using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Alerts;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Reads Markdown's syntax tree into a document.</summary>
internal sealed partial class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = Builder().Build();

    // For HTML that is none of ours: read again as running text, its tags stay visible.
    private static readonly MarkdownPipeline WithoutHtmlBlocks = BuilderWithoutHtmlBlocks().Build();

    private readonly MarkdownInlineReader _inlines;
    private int _tasks;

    private MarkdownReader(AdfRewrite rewrite) => _inlines = new MarkdownInlineReader(rewrite);

    public static AdfNode Read(string markdown, AdfRewrite rewrite)
    {
        var reader = new MarkdownReader(rewrite);
        try
        {
            return new AdfNode("doc", AdfRules.Fit("doc", reader.Document(Markdown.Parse(markdown, Pipeline))));
        }
        catch (ArgumentException)
        {
            // Markdig gives up on text nested more than a hundred levels deep; nobody reads that as structure.
            return new AdfNode("doc", LineEnds.Normal(markdown).Split('\n').Where(line => line.Length > 0)
                .Select(line => new AdfNode("paragraph", AdfNode.OfText(line))));
        }
    }

    private static MarkdownPipelineBuilder Builder() => new MarkdownPipelineBuilder()
        .UsePipeTables(new PipeTableOptions { RequireHeaderSeparator = true, UseHeaderForColumnCount = false })
        .UseTaskLists()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .UseAlertBlocks();

    private static MarkdownPipelineBuilder BuilderWithoutHtmlBlocks()
    {
        var builder = Builder();
        builder.BlockParsers.TryRemove<HtmlBlockParser>();
        return builder;
    }

    private List<AdfNode> Document(MarkdownDocument document)
    {
        var nodes = Blocks(document);
        var used = document.Descendants<LinkInline>().Select(link => link.Reference).OfType<LinkReferenceDefinition>().ToHashSet();

        // A definition that nothing refers to would vanish, and with it what somebody wrote.
        foreach (var definition in document.Descendants<LinkReferenceDefinition>().Where(definition => !used.Contains(definition)))
        {
            var text = $"[{definition.Label}]: {definition.Url}{(string.IsNullOrEmpty(definition.Title) ? "" : $" \"{definition.Title}\"")}";
            nodes.Add(new AdfNode("paragraph", MarkdownInlineReader.Plain(text)));
        }

        return nodes;
    }

    private List<AdfNode> Blocks(ContainerBlock container) => Blocks([.. container]);

    private List<AdfNode> Blocks(List<Block> container)
    {
        var nodes = new List<AdfNode>();
        for (var i = 0; i < container.Count; i++)
        {
            if (container[i] is HtmlBlock html && Details().Match(Text(html)) is { Success: true } details
                && Close(container, i, details) is { } close)
            {
                nodes.Add(Expand(container, i, close, details));
                i = close;
            }
            else
            {
                nodes.AddRange(Block(container[i]));
            }
        }

        return nodes;
    }

    private IEnumerable<AdfNode> Block(Block block) => block switch
    {
        HeadingBlock heading =>
            [new AdfNode("heading", _inlines.Read(heading.Inline)) { Attributes = new JsonObject { ["level"] = Math.Clamp(heading.Level, 1, 6) } }],
        ParagraphBlock paragraph => Paragraph(_inlines.Read(paragraph.Inline)),
        ListBlock list => [List(list)],
        AlertBlock alert => [Panel(alert)],
        QuoteBlock quote => [new AdfNode("blockquote", AdfRules.Fit("blockquote", Blocks(quote)))],
        ThematicBreakBlock => [new AdfNode("rule")],
        FencedCodeBlock fenced => [Code(fenced, fenced.Info)],
        CodeBlock code => [Code(code, null)],
        Table table => TableOf(table),
        HtmlBlock html => Document(Markdown.Parse(Text(html), WithoutHtmlBlocks)),
        LinkReferenceDefinitionGroup or BlankLineBlock => [],
        ContainerBlock other => Blocks(other),
        LeafBlock leaf => leaf.Inline is null ? [new AdfNode("paragraph", AdfNode.OfText(leaf.Lines.ToString()))] : Paragraph(_inlines.Read(leaf.Inline)),
        _ => [],
    };

    // Media stand between paragraphs, not in them.
    private static IEnumerable<AdfNode> Paragraph(List<AdfNode> inlines)
    {
        var paragraph = new AdfNode("paragraph");
        foreach (var node in inlines)
        {
            if (node.Type is "mediaSingle" or "extension" or "media")
            {
                if (paragraph.Content.Exists(child => child.Text is not { } text || text.Trim().Length > 0)) yield return paragraph;
                paragraph = new AdfNode("paragraph");
                yield return AdfRules.AsBlock(node);
            }
            else
            {
                paragraph.Content.Add(node);
            }
        }

        if (paragraph.Content.Count > 0) yield return paragraph;
    }

    private AdfNode List(ListBlock list)
    {
        var items = list.OfType<ListItemBlock>().ToList();
        if (items.TrueForAll(item => TaskOf(item) is not null)) return Tasks(items);

        var node = new AdfNode(list.IsOrdered ? "orderedList" : "bulletList")
        {
            Attributes = list.IsOrdered && int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) && start != 1
                ? new JsonObject { ["order"] = start }
                : null,
        };
        foreach (var item in items)
        {
            var content = Blocks(item);
            if (TaskOf(item) is { } task && content is [{ Type: "paragraph" } first, ..])
            {
                content[0] = new AdfNode("paragraph", MarkdownInlineReader.Merge([AdfNode.OfText(task.Checked ? "☑ " : "☐ "), .. first.Content]));
            }

            node.Content.Add(new AdfNode("listItem", AdfRules.Fit("listItem", content)));
        }

        return node;
    }

    private AdfNode Tasks(List<ListItemBlock> items)
    {
        var list = new AdfNode("taskList") { Attributes = new JsonObject { ["localId"] = TaskId() } };
        foreach (var item in items)
        {
            var task = new AdfNode("taskItem")
            {
                Attributes = new JsonObject { ["localId"] = TaskId(), ["state"] = TaskOf(item)!.Checked ? "DONE" : "TODO" },
            };
            var nested = new List<AdfNode>();
            foreach (var block in Blocks(item))
            {
                if (block.Type == "taskList") nested.Add(block);
                else MarkdownTaskText.Append(task, block);
            }

            list.Content.Add(new AdfNode("taskItem", MarkdownInlineReader.Merge(task.Content)) { Attributes = task.Attributes });
            list.Content.AddRange(nested);
        }

        return list;
    }

    private static TaskList? TaskOf(ListItemBlock item) => item.FirstOrDefault() is ParagraphBlock paragraph ? paragraph.Inline?.FirstChild as TaskList : null;

    // Jira wants ids that are unique within the document; counting makes the same text the same document.
    private string TaskId() => string.Create(CultureInfo.InvariantCulture, $"task-{++_tasks}");

    private AdfNode Panel(AlertBlock alert)
    {
        var name = alert.Kind.ToString();
        var content = Blocks(alert);
        if (MarkdownPanels.TypeOf(name) is { } type)
        {
            return new AdfNode("panel", AdfRules.Fit("panel", content)) { Attributes = new JsonObject { ["panelType"] = type } };
        }

        content.Insert(0, new AdfNode("paragraph", AdfNode.OfText($"[!{name}]")));
        return new AdfNode("blockquote", AdfRules.Fit("blockquote", content));
    }

    private static AdfNode Code(LeafBlock block, string? language)
    {
        var text = block.Lines.ToString();
        return new AdfNode("codeBlock", text.Length == 0 ? [] : [AdfNode.OfText(text)])
        {
            Attributes = string.IsNullOrEmpty(language) ? null : new JsonObject { ["language"] = language },
        };
    }

    private IEnumerable<AdfNode> TableOf(Table table)
    {
        var rows = table.OfType<TableRow>().Where(row => !row.IsHeader || row.OfType<TableCell>().Any(cell => cell.Any(IsFilled))).ToList();
        if (rows.Count == 0) return [];
        var columns = rows.Max(row => row.Count);
        return [new AdfNode("table", rows.Select(row => RowOf(row, columns)))];
    }

    private AdfNode RowOf(TableRow row, int columns)
    {
        var type = row.IsHeader ? "tableHeader" : "tableCell";
        var cells = row.OfType<TableCell>().Select(cell => new AdfNode(type, AdfRules.Fit("tableCell", Blocks(cell)))).ToList();
        while (cells.Count < columns) cells.Add(new AdfNode(type, new AdfNode("paragraph")));
        return new AdfNode("tableRow", cells);
    }

    private static bool IsFilled(Block block) => block is not LeafBlock { Inline: null or { FirstChild: null } };

    /// <summary>Where the details element that begins at a block ends: the index of its last block; null when it never does.</summary>
    private static int? Close(List<Block> container, int start, Match details)
    {
        if (details.Groups["rest"].Value.TrimEnd().EndsWith("</details>", StringComparison.OrdinalIgnoreCase)) return start;
        var open = 1;
        for (var i = start + 1; i < container.Count; i++)
        {
            if (container[i] is not HtmlBlock html) continue;
            var text = Text(html).Trim();
            if (Details().Match(text) is { Success: true } nested && !nested.Groups["rest"].Value.Contains("</details>", StringComparison.OrdinalIgnoreCase)) open++;
            else if (text.EndsWith("</details>", StringComparison.OrdinalIgnoreCase) && --open == 0) return i;
        }

        return null;
    }

    private AdfNode Expand(List<Block> container, int start, int close, Match details)
    {
        var content = new List<AdfNode>();
        AddHtmlRest(details.Groups["rest"].Value, content);
        if (close > start)
        {
            content.AddRange(Blocks(container.GetRange(start + 1, close - start - 1)));
            AddHtmlRest(Text((HtmlBlock)container[close]), content);
        }

        var title = WebUtility.HtmlDecode(details.Groups["title"].Value).Trim();
        return new AdfNode("expand", AdfRules.Fit("expand", content)) { Attributes = new JsonObject { ["title"] = title } };
    }

    private void AddHtmlRest(string html, List<AdfNode> content)
    {
        var text = html.Trim();
        if (text.EndsWith("</details>", StringComparison.OrdinalIgnoreCase)) text = text[..^"</details>".Length];
        if (text.Trim().Length > 0) content.AddRange(Document(Markdown.Parse(text, WithoutHtmlBlocks)));
    }

    private static string Text(HtmlBlock html) => html.Lines.ToString();

    [GeneratedRegex(@"^\s*<details(\s[^>]*)?>\s*(<summary>(?<title>.*?)</summary>)?(?<rest>.*)$", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Details();
}
