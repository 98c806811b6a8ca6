using System.Net;
using System.Text.Json.Nodes;
using System.Xml;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Confluence;

/// <summary>Writes a document in Confluence's storage format, as the wiki does when a page comes in another form. Well-formed, whatever the text.</summary>
internal static class StorageWriter
{
    /// <summary>The document as XHTML with Confluence's own elements.</summary>
    public static string Write(JsonObject document) => Children(document);

    private static string Children(JsonObject node) => string.Concat(AdfText.Children(node).Select(Node));

    private static string Node(JsonObject node) => AdfText.Type(node) switch
    {
        "text" => Text(node),
        "paragraph" => $"<p>{Children(node)}</p>",
        "heading" when AdfText.Attribute(node, "level") is [>= '1' and <= '6'] level => $"<h{level}>{Children(node)}</h{level}>",
        "bulletList" or "taskList" or "decisionList" => $"<ul>{Children(node)}</ul>",
        "orderedList" => $"<ol>{Children(node)}</ol>",
        "listItem" or "taskItem" or "decisionItem" => $"<li>{Children(node)}</li>",
        "blockquote" => $"<blockquote>{Children(node)}</blockquote>",
        "codeBlock" => Code(node),
        "panel" => Macro(AdfText.Attribute(node, "panelType") switch { "warning" or "error" => "warning", "note" => "note", "success" => "tip", _ => "info" }, node),
        "expand" or "nestedExpand" => Macro("expand", node),
        "rule" => "<hr />",
        "table" => $"<table><tbody>{Children(node)}</tbody></table>",
        "tableRow" => $"<tr>{Children(node)}</tr>",
        "tableHeader" => $"<th>{Children(node)}</th>",
        "tableCell" => $"<td>{Children(node)}</td>",
        "hardBreak" => "<br />",
        "mention" or "status" or "emoji" => Encode(AdfText.Attribute(node, "text") ?? AdfText.Attribute(node, "shortName")),
        "date" => Encode(AdfDate.Format(AdfText.Attribute(node, "timestamp"))),
        "inlineCard" or "blockCard" or "embedCard" => Link(AdfText.Attribute(node, "url"), Encode(AdfText.Attribute(node, "url"))),
        _ => Children(node),
    };

    private static string Text(JsonObject node)
    {
        var html = Encode(AdfText.String(node["text"]));
        foreach (var mark in (node["marks"] as JsonArray ?? []).OfType<JsonObject>())
        {
            html = AdfText.Type(mark) switch
            {
                "strong" => $"<strong>{html}</strong>",
                "em" => $"<em>{html}</em>",
                "code" => $"<code>{html}</code>",
                "strike" => $"<s>{html}</s>",
                "underline" => $"<u>{html}</u>",
                "link" => Link(AdfText.Attribute(mark, "href"), html),
                _ => html,
            };
        }

        return html;
    }

    private static string Code(JsonObject node)
    {
        var code = Clean(string.Concat(AdfText.Children(node).Select(child => AdfText.String(child["text"]))));
        var text = code.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal);
        return $"<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[{text}]]></ac:plain-text-body></ac:structured-macro>";
    }

    private static string Macro(string name, JsonObject node) =>
        $"<ac:structured-macro ac:name=\"{name}\"><ac:rich-text-body>{Children(node)}</ac:rich-text-body></ac:structured-macro>";

    private static string Link(string? href, string html) => $"<a href=\"{Encode(href)}\">{html}</a>";

    private static string Encode(string? text) => WebUtility.HtmlEncode(Clean(text ?? ""));

    // Characters that no XML document may hold.
    private static string Clean(string text)
    {
        var clean = text.ToCharArray();
        for (var index = 0; index < clean.Length; index++)
        {
            if (XmlConvert.IsXmlChar(clean[index])) continue;
            if (index + 1 < clean.Length && XmlConvert.IsXmlSurrogatePair(clean[index + 1], clean[index])) index++;
            else clean[index] = '\uFFFD';
        }

        return new string(clean);
    }
}
