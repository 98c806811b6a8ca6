using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Reads Markdown's inline tree into text nodes with marks.</summary>
internal sealed partial class MarkdownInlineReader(AdfRewrite rewrite)
{
    public List<AdfNode> Read(ContainerInline? inlines)
    {
        var nodes = new List<AdfNode>();
        if (inlines is not null) Walk([.. inlines], [], nodes);
        return [.. Merge(nodes).SelectMany(Linkify)];
    }

    /// <summary>Text without markup; addresses in it become links all the same.</summary>
    public static IEnumerable<AdfNode> Plain(string text) => Linkify(AdfNode.OfText(text));

    private void Walk(List<Inline> inlines, AdfMark[] marks, List<AdfNode> nodes)
    {
        for (var i = 0; i < inlines.Count; i++)
        {
            if (inlines[i] is HtmlInline html && MarkOf(html) is { } mark && CloseOf(inlines, i, html) is var close and > 0)
            {
                Walk(inlines.GetRange(i + 1, close - i - 1), With(marks, mark), nodes);
                i = close;
            }
            else
            {
                One(inlines[i], marks, nodes);
            }
        }
    }

    private void One(Inline inline, AdfMark[] marks, List<AdfNode> nodes)
    {
        switch (inline)
        {
            case TaskList { PreviousSibling: null }:
                break;
            case TaskList box:
                // Not at the start of its item, so it is no box but text.
                Add(nodes, box.Checked ? "[x]" : "[ ]", marks);
                break;
            case LineBreakInline { IsHard: true }:
                nodes.Add(new AdfNode("hardBreak"));
                break;
            case LineBreakInline:
                Add(nodes, " ", marks);
                break;
            case CodeInline code:
                Add(nodes, code.Content, [.. marks.Where(mark => mark.Type == "link"), new AdfMark("code")]);
                break;
            case HtmlEntityInline entity:
                Add(nodes, entity.Transcoded.ToString(), marks);
                break;
            case HtmlInline { Tag: var tag } when LineBreak().IsMatch(tag):
                nodes.Add(new AdfNode("hardBreak"));
                break;
            case HtmlInline html:
                Add(nodes, html.Tag, marks);
                break;
            case AutolinkInline auto:
                Add(nodes, auto.Url, With(marks, Link(auto.IsEmail ? $"mailto:{auto.Url}" : auto.Url)));
                break;
            case LiteralInline { PreviousSibling: TaskList { PreviousSibling: null } } first:
                // The space behind the box belongs to the box.
                var text = first.Content.ToString();
                Add(nodes, text.StartsWith(' ') ? text[1..] : text, marks);
                break;
            case LiteralInline literal:
                Add(nodes, literal.Content.ToString(), marks);
                break;
            case EmphasisInline emphasis:
                Walk([.. emphasis], With(marks, new AdfMark(TypeOf(emphasis))), nodes);
                break;
            case LinkInline link:
                OneLink(link, marks, nodes);
                break;
            case ContainerInline container:
                Walk([.. container], marks, nodes);
                break;
            default:
                Add(nodes, inline.ToString() ?? "", marks);
                break;
        }
    }

    private void OneLink(LinkInline link, AdfMark[] marks, List<AdfNode> nodes)
    {
        var href = link.Url ?? "";
        var inner = new List<AdfNode>();
        Walk([.. link], marks, inner);
        var text = string.Concat(inner.Select(node => node.PlainText()));
        if (MarkdownSpecialNodes.HashIn(href) is { } hash)
        {
            if (rewrite.Find(hash) is { } kept) nodes.Add(kept);
            else Add(nodes, $"[{text}]", marks);
        }
        else if (!link.IsImage && MarkdownSpecialNodes.Read(href, text) is { } special)
        {
            nodes.Add(special);
        }
        else if (AdfLinks.IsAllowed(href))
        {
            // A picture from elsewhere becomes a link: showing it would tell its server who reads the ticket.
            inner = [];
            Walk([.. link], With(marks, Link(href)), inner);
            if (inner.Count == 0) Add(inner, href, With(marks, Link(href)));
            nodes.AddRange(inner);
        }
        else
        {
            nodes.AddRange(inner);
            if (href.Length > 0) Add(nodes, text.Length > 0 ? $" ({href})" : href, marks);
        }
    }

    private static AdfMark Link(string href) => new("link", new JsonObject { ["href"] = href });

    private static string TypeOf(EmphasisInline emphasis) => emphasis.DelimiterChar switch
    {
        '~' => "strike",
        _ => emphasis.DelimiterCount >= 2 ? "strong" : "em",
    };

    // A mark stands once on a node, and always in the same order, so that the same text is the same document.
    private static AdfMark[] With(AdfMark[] marks, AdfMark mark) => Array.Exists(marks, present => present.Type == mark.Type)
        ? marks
        : [.. marks.Append(mark).OrderBy(one => MarkdownMark.Rank(one.Type))];

    private static void Add(List<AdfNode> nodes, string text, AdfMark[] marks)
    {
        if (text.Length == 0) return;
        var own = Array.Exists(marks, mark => mark.Type == "code") ? marks.Where(mark => mark.Type is "code" or "link") : marks;
        nodes.Add(AdfNode.OfText(text, own));
    }

    private static AdfMark? MarkOf(HtmlInline html) => Tag().Match(html.Tag) is { Success: true } match ? MarkdownMark.OfTag(match.Groups[1].Value) : null;

    private static int CloseOf(List<Inline> inlines, int at, HtmlInline open)
    {
        var name = Tag().Match(open.Tag).Groups[1].Value;
        var depth = 0;
        for (var i = at; i < inlines.Count; i++)
        {
            if (inlines[i] is not HtmlInline html) continue;
            if (html.Tag == $"<{name}>") depth++;
            else if (html.Tag == $"</{name}>" && --depth == 0) return i;
        }

        return -1;
    }

    /// <summary>Joins neighbours that carry the same marks.</summary>
    public static List<AdfNode> Merge(List<AdfNode> nodes)
    {
        var merged = new List<AdfNode>();
        StringBuilder? text = null;
        foreach (var node in nodes)
        {
            if (node.Text is null || merged.Count == 0 || merged[^1].Text is null || !SameMarks(merged[^1], node))
            {
                Flush(merged, ref text);
                merged.Add(node);
            }
            else
            {
                (text ??= new StringBuilder(merged[^1].Text)).Append(node.Text);
            }
        }

        Flush(merged, ref text);
        return merged;
    }

    private static void Flush(List<AdfNode> merged, ref StringBuilder? text)
    {
        if (text is not null) merged[^1] = AdfNode.OfText(text.ToString(), merged[^1].Marks);
        text = null;
    }

    private static bool SameMarks(AdfNode one, AdfNode other) =>
        one.Marks.Count == other.Marks.Count && one.Marks.TrueForAll(mark => other.Marks.Exists(candidate => candidate.Same(mark)));

    // Jira shows an address in plain text as plain text; people expect to click it.
    private static IEnumerable<AdfNode> Linkify(AdfNode node)
    {
        if (node.Text is not { } text || !text.Contains("://", StringComparison.Ordinal) || node.Marks.Exists(mark => mark.Type is "link" or "code"))
        {
            yield return node;
            yield break;
        }

        var at = 0;
        foreach (Match match in Address().Matches(text))
        {
            var href = match.Value.TrimEnd('.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '*', '_');
            if (!AdfLinks.IsAllowed(href)) continue;
            if (match.Index > at) yield return AdfNode.OfText(text[at..match.Index], node.Marks);
            yield return AdfNode.OfText(href, [Link(href), .. node.Marks]);
            at = match.Index + href.Length;
        }

        if (at < text.Length) yield return AdfNode.OfText(text[at..], node.Marks);
    }

    [GeneratedRegex(@"^<([a-z]+)>$")]
    private static partial Regex Tag();

    [GeneratedRegex(@"^<br\s*/?>$", RegexOptions.IgnoreCase)]
    private static partial Regex LineBreak();

    [GeneratedRegex(@"\bhttps?://[^\s<>""`|\\^{}]+")]
    private static partial Regex Address();
}
