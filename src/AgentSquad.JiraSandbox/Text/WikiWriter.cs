using System.Text;
using System.Text.Json.Nodes;

namespace AgentSquad.JiraSandbox.Text;

/// <summary>Writes ADF as wiki markup, the way Jira shows a v3 text to a v2 reader and in webhooks.</summary>
internal static class WikiWriter
{
    /// <summary>The document as markup.</summary>
    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        Blocks(document, text, "");
        return text.ToString().TrimEnd('\n');
    }

    private static void Blocks(JsonObject parent, StringBuilder text, string list)
    {
        foreach (var node in AdfText.Children(parent)) Block(node, text, list);
    }

    private static void Block(JsonObject node, StringBuilder text, string list)
    {
        switch (AdfText.Type(node))
        {
            case "heading": text.Append('h').Append(AdfText.Attribute(node, "level") ?? "1").Append(". ").Append(Inline(node)).Append("\n\n"); break;
            case "bulletList": List(node, text, list + "*"); break;
            case "orderedList": List(node, text, list + "#"); break;
            case "taskList": Tasks(node, text, list + "*"); break;
            case "decisionList": Tasks(node, text, list + "*"); break;
            case "codeBlock": Code(node, text); break;
            case "blockquote": text.Append("{quote}").Append(Nested(node)).Append("{quote}\n\n"); break;
            case "panel": Panel(node, text); break;
            case "expand" or "nestedExpand": Titled(node, text); break;
            case "rule": text.Append("----\n\n"); break;
            case "table": Table(node, text); break;
            case "mediaSingle" or "mediaGroup": Media(node, text); break;
            case "blockCard" or "embedCard": text.Append('[').Append(AdfText.Attribute(node, "url")).Append("]\n\n"); break;
            case "paragraph": text.Append(Inline(node)).Append("\n\n"); break;
            default: Blocks(node, text, list); break;
        }
    }

    private static void List(JsonObject list, StringBuilder text, string prefix)
    {
        foreach (var item in AdfText.Children(list))
        {
            var first = true;
            foreach (var child in AdfText.Children(item))
            {
                if (AdfText.Type(child) is "bulletList" or "orderedList" or "taskList") Block(child, text, prefix);
                else if (first) text.Append(prefix).Append(' ').Append(ItemText(child)).Append('\n');
                else text.Append(ItemText(child)).Append('\n');
                first = false;
            }
        }

        if (prefix.Length == 1) text.Append('\n');
    }

    private static string ItemText(JsonObject child) => AdfText.Type(child) == "paragraph" ? Inline(child) : Nested(child, itself: true);

    private static void Tasks(JsonObject list, StringBuilder text, string prefix)
    {
        foreach (var item in AdfText.Children(list))
        {
            if (AdfText.Type(item) == "taskList") Tasks(item, text, prefix + "*");
            else text.Append(prefix).Append(AdfText.Attribute(item, "state") == "DONE" ? " (/) " : " ").Append(Inline(item)).Append('\n');
        }

        if (prefix.Length == 1) text.Append('\n');
    }

    private static void Code(JsonObject node, StringBuilder text)
    {
        var code = string.Concat(AdfText.Children(node).Select(child => AdfText.String(child["text"])));
        var language = AdfText.Attribute(node, "language");
        text.Append(string.IsNullOrEmpty(language) ? "{code}" : $"{{code:{language}}}").Append('\n').Append(code).Append("\n{code}\n\n");
    }

    private static void Panel(JsonObject node, StringBuilder text)
    {
        var kind = AdfText.Attribute(node, "panelType") switch { "note" => "note", "warning" => "warning", "error" => "warning", "success" => "tip", _ => "info" };
        text.Append('{').Append(kind).Append('}').Append(Nested(node)).Append('{').Append(kind).Append("}\n\n");
    }

    private static void Titled(JsonObject node, StringBuilder text)
    {
        var title = (AdfText.Attribute(node, "title") ?? "").Replace("}", "", StringComparison.Ordinal).Replace("|", "", StringComparison.Ordinal);
        text.Append(title.Length == 0 ? "{panel}" : $"{{panel:title={title}}}").Append('\n').Append(Nested(node)).Append("\n{panel}\n\n");
    }

    private static void Table(JsonObject table, StringBuilder text)
    {
        foreach (var row in AdfText.Children(table))
        {
            var edge = "|";
            foreach (var cell in AdfText.Children(row))
            {
                edge = AdfText.Type(cell) == "tableHeader" ? "||" : "|";
                var content = Nested(cell);
                text.Append(edge).Append(content.Length == 0 ? " " : content);
            }

            text.Append(edge).Append('\n');
        }

        text.Append('\n');
    }

    private static void Media(JsonObject node, StringBuilder text)
    {
        foreach (var media in AdfText.Children(node).Where(child => AdfText.Type(child) == "media"))
            text.Append('!').Append(AdfText.Attribute(media, "alt") ?? AdfText.Attribute(media, "url") ?? AdfText.Attribute(media, "id")).Append("!\n\n");
    }

    private static string Nested(JsonObject node, bool itself = false)
    {
        var text = new StringBuilder();
        if (itself) Block(node, text, "");
        else Blocks(node, text, "");
        return text.ToString().Trim('\n');
    }

    private static string Inline(JsonObject parent)
    {
        var text = new StringBuilder();
        foreach (var node in AdfText.Children(parent))
        {
            switch (AdfText.Type(node))
            {
                case "text": text.Append(Marked(node)); break;
                case "hardBreak": text.Append('\n'); break;
                case "mention": text.Append("[~accountid:").Append(AdfText.Attribute(node, "id")).Append(']'); break;
                case "inlineCard": text.Append('[').Append(AdfText.Attribute(node, "url")).Append(']'); break;
                case "status": text.Append('*').Append(AdfText.Attribute(node, "text")).Append('*'); break;
                case "date": text.Append(AdfDate.Format(AdfText.Attribute(node, "timestamp"))); break;
                case "emoji": text.Append(AdfText.Attribute(node, "text") ?? AdfText.Attribute(node, "shortName")); break;
            }
        }

        return text.ToString();
    }

    private static string Marked(JsonObject node)
    {
        var text = AdfText.String(node["text"]) ?? "";
        var marks = (node["marks"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        string? link = null;
        var code = marks.Exists(mark => AdfText.Type(mark) == "code");
        text = Escape(text);
        if (code) text = "{{" + text + "}}";
        foreach (var mark in marks)
        {
            text = AdfText.Type(mark) switch
            {
                "strong" => $"*{text}*",
                "em" => $"_{text}_",
                "strike" => $"-{text}-",
                "underline" => $"+{text}+",
                "subsup" => AdfText.Attribute(mark, "type") == "sub" ? $"~{text}~" : $"^{text}^",
                _ => text,
            };
            if (AdfText.Type(mark) == "link") link = AdfText.Attribute(mark, "href");
        }

        return link is null ? text : $"[{text}|{link}]";
    }

    // What would open a macro, a link or an image gets Jira's backslash; lone marks such as a hyphen stay readable.
    private static string Escape(string text) =>
        text.Replace("&#", "&#38;#", StringComparison.Ordinal).Replace("{", "\\{", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
}
