using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>Shows an ADF document as HTML. All text is encoded; only harmless link targets become links.</summary>
internal sealed class AdfHtml(SiteModel site, SiteIssue issue)
{
    private static readonly HashSet<string> Colors = ["neutral", "purple", "blue", "red", "yellow", "green"];

    private static readonly HashSet<string> Panels = ["info", "note", "tip", "success", "warning", "error"];

    /// <summary>The document.</summary>
    public Html Render(JsonObject document) => Children(document);

    /// <summary>Whether a page may link there: http, https, mailto and places on this site.</summary>
    public static bool IsHarmless(string? href)
    {
        if (string.IsNullOrWhiteSpace(href) || href.Any(char.IsControl)) return false;
        if (href[0] == '#' || (href[0] == '/' && !href.StartsWith("//", StringComparison.Ordinal) && !href.StartsWith("/\\", StringComparison.Ordinal))) return true;
        return Uri.TryCreate(href, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto"
            && href.StartsWith(uri.Scheme, StringComparison.OrdinalIgnoreCase);
    }

    private Html Children(JsonObject node) => Html.Join(AdfText.Children(node).Select(Node));

    private Html Node(JsonObject node) => AdfText.Type(node) switch
    {
        "text" => Text(node),
        "paragraph" => Html.Of($"<p>{Children(node)}</p>"),
        "heading" => Heading(node),
        "bulletList" => Html.Of($"<ul>{Children(node)}</ul>"),
        "orderedList" => Ordered(node),
        "listItem" => Html.Of($"<li>{Children(node)}</li>"),
        "taskList" or "decisionList" => Html.Of($"<ul class=\"tasks\">{Children(node)}</ul>"),
        "taskItem" => Task(node),
        "decisionItem" => Html.Of($"<li><span class=\"decision\" aria-hidden=\"true\">⤷</span><span>{Children(node)}</span></li>"),
        "codeBlock" => Code(node),
        "blockquote" => Html.Of($"<blockquote>{Children(node)}</blockquote>"),
        "panel" => Panel(node),
        "expand" or "nestedExpand" => Expand(node),
        "rule" => Html.Of($"<hr>"),
        "table" => Html.Of($"<div class=\"table\"><table>{Children(node)}</table></div>"),
        "tableRow" => Html.Of($"<tr>{Children(node)}</tr>"),
        "tableHeader" => Html.Of($"<th>{Children(node)}</th>"),
        "tableCell" => Html.Of($"<td>{Children(node)}</td>"),
        "hardBreak" => Html.Of($"<br>"),
        "mention" => Mention(node),
        "emoji" => Html.Text(AdfText.Attribute(node, "text") ?? AdfText.Attribute(node, "shortName")),
        "date" => Html.Of($"<time class=\"date\">{AdfDate.Format(AdfText.Attribute(node, "timestamp"))}</time>"),
        "status" => Status(node),
        "inlineCard" or "blockCard" or "embedCard" => Card(node),
        "media" or "mediaInline" => Media(node),
        _ => Children(node),
    };

    private static Html Text(JsonObject node)
    {
        var html = Html.Text(AdfText.String(node["text"]));
        foreach (var mark in (node["marks"] as JsonArray ?? []).OfType<JsonObject>())
        {
            html = AdfText.Type(mark) switch
            {
                "strong" => Html.Of($"<strong>{html}</strong>"),
                "em" => Html.Of($"<em>{html}</em>"),
                "code" => Html.Of($"<code>{html}</code>"),
                "strike" => Html.Of($"<s>{html}</s>"),
                "underline" => Html.Of($"<u>{html}</u>"),
                "subsup" when AdfText.Attribute(mark, "type") == "sub" => Html.Of($"<sub>{html}</sub>"),
                "subsup" => Html.Of($"<sup>{html}</sup>"),
                "link" => Link(AdfText.Attribute(mark, "href"), html),
                _ => html,
            };
        }

        return html;
    }

    private static Html Link(string? href, Html text) => IsHarmless(href)
        ? Html.Of($"<a href=\"{href}\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">{text}</a>")
        : text;

    private Html Heading(JsonObject node) => AdfText.Attribute(node, "level") switch
    {
        "1" => Html.Of($"<h3 class=\"h1\">{Children(node)}</h3>"),
        "2" => Html.Of($"<h3 class=\"h2\">{Children(node)}</h3>"),
        "3" => Html.Of($"<h4>{Children(node)}</h4>"),
        "4" => Html.Of($"<h5>{Children(node)}</h5>"),
        _ => Html.Of($"<h6>{Children(node)}</h6>"),
    };

    private Html Ordered(JsonObject node) => int.TryParse(AdfText.Attribute(node, "order"), out var start)
        ? Html.Of($"<ol start=\"{start}\">{Children(node)}</ol>")
        : Html.Of($"<ol>{Children(node)}</ol>");

    private Html Task(JsonObject node) => AdfText.Attribute(node, "state") == "DONE"
        ? Html.Of($"<li class=\"done\"><input type=\"checkbox\" checked disabled aria-label=\"done\"><span>{Children(node)}</span></li>")
        : Html.Of($"<li><input type=\"checkbox\" disabled aria-label=\"open\"><span>{Children(node)}</span></li>");

    private static Html Code(JsonObject node)
    {
        var code = string.Concat(AdfText.Children(node).Select(child => AdfText.String(child["text"])));
        var language = AdfText.Attribute(node, "language");
        return Html.Of($"<pre>{Html.If(!string.IsNullOrEmpty(language), () => Html.Of($"<span class=\"language\">{language}</span>"))}<code>{code}</code></pre>");
    }

    private Html Panel(JsonObject node)
    {
        var kind = AdfText.Attribute(node, "panelType") is { } type && Panels.Contains(type) ? type : "info";
        var icon = kind switch { "warning" => "▲", "error" => "✕", "success" or "tip" => "✓", "note" => "✎", _ => "i" };
        return Html.Of($"<div class=\"panel panel-{kind}\"><span class=\"panel-icon\" aria-hidden=\"true\">{icon}</span><div>{Children(node)}</div></div>");
    }

    private Html Expand(JsonObject node)
    {
        var title = AdfText.Attribute(node, "title");
        return Html.Of($"<details class=\"expand\"><summary>{(string.IsNullOrEmpty(title) ? "More" : title)}</summary><div>{Children(node)}</div></details>");
    }

    private Html Mention(JsonObject node)
    {
        var id = AdfText.Attribute(node, "id");
        var name = site.Users.Find(user => user.AccountId == id)?.DisplayName ?? AdfText.Attribute(node, "text")?.TrimStart('@') ?? id;
        return Html.Of($"<span class=\"mention\">@{name}</span>");
    }

    private static Html Status(JsonObject node)
    {
        var color = AdfText.Attribute(node, "color") is { } name && Colors.Contains(name) ? name : "neutral";
        return Html.Of($"<span class=\"lozenge lozenge-{color}\">{AdfText.Attribute(node, "text")}</span>");
    }

    private static Html Card(JsonObject node)
    {
        var url = AdfText.Attribute(node, "url");
        return Link(url, Html.Text(url));
    }

    private Html Media(JsonObject node)
    {
        var name = AdfText.Attribute(node, "alt") ?? AdfText.Attribute(node, "id");
        var attachment = issue.Attachments.Find(attachment => attachment.FileName == name || attachment.Id == AdfText.Attribute(node, "id"));
        return attachment is null
            ? Html.Of($"<span class=\"file\">{name ?? "media"}</span>")
            : Html.Of($"<a class=\"file\" href=\"/files/{attachment.Id}\">{attachment.FileName}</a>");
    }
}
