using System.Collections.Frozen;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Which nodes may stand where. Jira answers 400 to a document that breaks these rules, so what does not fit is rewritten.</summary>
internal static class AdfRules
{
    private static readonly FrozenSet<string> Inline = FrozenSet.Create(
        "text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "mediaInline", "inlineExtension", "placeholder");

    private static readonly FrozenDictionary<string, FrozenSet<string>> Allowed = new Dictionary<string, FrozenSet<string>>
    {
        ["doc"] = FrozenSet.Create("paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "panel", "rule", "table",
            "taskList", "expand", "mediaSingle", "mediaGroup", "extension"),
        ["listItem"] = FrozenSet.Create("paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle"),
        ["blockquote"] = FrozenSet.Create("paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle", "mediaGroup"),
        ["panel"] = FrozenSet.Create("paragraph", "heading", "bulletList", "orderedList", "codeBlock", "taskList", "rule", "mediaSingle", "mediaGroup"),
        ["expand"] = FrozenSet.Create("paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "panel", "rule", "table",
            "taskList", "nestedExpand", "mediaSingle", "mediaGroup", "extension"),
        ["tableCell"] = FrozenSet.Create("paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "panel", "rule",
            "taskList", "nestedExpand", "mediaSingle", "mediaGroup", "extension"),
    }.ToFrozenDictionary();

    /// <summary>Whether a node stands within a line.</summary>
    public static bool IsInline(AdfNode node) => Inline.Contains(node.Type);

    /// <summary>Whether Markdown can only name the node, and a rewrite carries it over as it is.</summary>
    public static bool IsOpaque(AdfNode node) => node.Type switch
    {
        "media" or "mediaInline" or "extension" or "inlineExtension" => true,
        "mediaSingle" => node.Content.TrueForAll(child => child.Type == "media"),
        _ => false,
    };

    /// <summary>Wraps a node so that it can stand beside paragraphs.</summary>
    public static AdfNode AsBlock(AdfNode node) => node.Type switch
    {
        "media" => node.Attribute("type") == "external" ? new AdfNode("mediaSingle", node) : new AdfNode("mediaGroup", node),
        _ when IsInline(node) => new AdfNode("paragraph", node),
        _ => node,
    };

    /// <summary>Makes nodes fit below a parent: what may not stand there is replaced by what says the same.</summary>
    /// <param name="parent">Type of the parent; a header cell counts as <c>tableCell</c>, a nested expand as <c>expand</c>.</param>
    /// <param name="nodes">The nodes.</param>
    public static List<AdfNode> Fit(string parent, IEnumerable<AdfNode> nodes)
    {
        var allowed = Allowed[parent];
        var fitted = new List<AdfNode>();
        foreach (var node in nodes)
        {
            if (allowed.Contains(node.Type)) fitted.Add(node);
            else fitted.AddRange(Replace(parent, node));
        }

        if (parent == "listItem" && (fitted.Count == 0 || fitted[0].Type is "bulletList" or "orderedList")) fitted.Insert(0, new AdfNode("paragraph"));
        else if (fitted.Count == 0 && parent != "doc") fitted.Add(new AdfNode("paragraph"));
        return fitted;
    }

    /// <summary>The items of a task list as an ordinary list, their state as a box.</summary>
    public static AdfNode TasksAsBullets(AdfNode tasks)
    {
        var list = new AdfNode("bulletList");
        foreach (var child in tasks.Content)
        {
            if (child.Type == "taskList")
            {
                var nested = TasksAsBullets(child);
                if (list.Content.Count > 0) list.Content[^1].Content.Add(nested);
                else list.Content.AddRange(nested.Content);
                continue;
            }

            var box = child.Attribute("state") == "DONE" ? "☑ " : "☐ ";
            list.Content.Add(new AdfNode("listItem", new AdfNode("paragraph", [AdfNode.OfText(box), .. child.Content])));
        }

        return list;
    }

    private static IEnumerable<AdfNode> Replace(string parent, AdfNode node) => node.Type switch
    {
        "heading" => [new AdfNode("paragraph", node.Content.Select(Strong))],
        "blockquote" or "panel" => Fit(parent, node.Content),
        "expand" when Allowed[parent].Contains("nestedExpand") => [Renamed(node, "nestedExpand")],
        "nestedExpand" when Allowed[parent].Contains("expand") => [Renamed(node, "expand")],
        "expand" or "nestedExpand" => Fit(parent, [.. TitleOf(node), .. node.Content]),
        "table" => node.Content.Select(RowAsLine),
        "taskList" => [TasksAsBullets(node)],
        "mediaGroup" => node.Content.Select(media => new AdfNode("mediaSingle", media)),
        "rule" => [],
        _ when IsInline(node) => [new AdfNode("paragraph", node)],
        _ => node.Content.Exists(child => !IsInline(child)) ? Fit(parent, node.Content) : [new AdfNode("paragraph", node.Content)],
    };

    private static IEnumerable<AdfNode> TitleOf(AdfNode expand) =>
        expand.Attribute("title") is { Length: > 0 } title ? [new AdfNode("paragraph", AdfNode.OfText(title, new AdfMark("strong")))] : [];

    private static AdfNode RowAsLine(AdfNode row)
    {
        var line = new AdfNode("paragraph");
        foreach (var cell in row.Content)
        {
            if (line.Content.Count > 0) line.Content.Add(AdfNode.OfText(" | "));
            line.Content.AddRange(cell.Content.SelectMany(InlineOf));
        }

        return new AdfNode("paragraph", MarkdownInlineReader.Merge(line.Content));
    }

    private static IEnumerable<AdfNode> InlineOf(AdfNode node) => IsInline(node) ? [node] : node.Content.SelectMany(InlineOf);

    private static AdfNode Strong(AdfNode node)
    {
        if (node.Text is null || node.Marks.Exists(mark => mark.Type is "strong" or "code")) return node;
        return AdfNode.OfText(node.Text, [.. node.Marks, new AdfMark("strong")]);
    }

    private static AdfNode Renamed(AdfNode node, string type) => new(type, node.Content) { Attributes = node.Attributes };
}
