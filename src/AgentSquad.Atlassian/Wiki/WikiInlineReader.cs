using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>Reads what stands within a paragraph.</summary>
internal sealed partial class WikiInlineReader
{
    private const int MaxDepth = 12;

    private readonly List<AdfNode> _nodes = [];
    private readonly StringBuilder _text = new();

    public static List<AdfNode> Read(string text)
    {
        var reader = new WikiInlineReader();
        reader.Walk(text, [], 0);
        return MarkdownInlineReader.Merge(reader._nodes);
    }

    private void Walk(string text, AdfMark[] marks, int depth)
    {
        for (var at = 0; at < text.Length;)
        {
            at = One(text, at, marks, depth);
        }

        Flush(marks);
    }

    /// <summary>Reads one piece and returns where the next one starts.</summary>
    private int One(string text, int at, AdfMark[] marks, int depth)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("\\\\", StringComparison.Ordinal)) return Break(text, at + 2, marks);
        if (text[at] == '\n') return Break(text, at + 1, marks);
        if (text[at] == '\\' && at + 1 < text.Length && !char.IsLetterOrDigit(text[at + 1]) && !char.IsWhiteSpace(text[at + 1]))
        {
            _text.Append(text[at + 1]);
            return at + 2;
        }

        if (text[at] == '&' && Entity().Match(text, at) is { Success: true } entity)
        {
            _text.Append(WebUtility.HtmlDecode(entity.Value));
            return at + entity.Length;
        }

        if (Address().Match(text, at) is { Success: true } address)
        {
            Add(address.Value, AdfLinks.IsAllowed(address.Value) ? [.. marks, Link(address.Value)] : marks, marks);
            return at + address.Length;
        }

        if (Color().Match(text, at) is { Success: true } color) return at + color.Length;
        if (depth < MaxDepth && Code().Match(text, at) is { Success: true } code)
        {
            Add(Plain(code.Groups["text"].Value), [.. marks.Where(mark => mark.Type == "link"), new AdfMark("code")], marks);
            return at + code.Length;
        }

        if (Image().Match(text, at) is { Success: true } image) return Opaque(image, marks, at);
        if (text[at] == '[' && WikiLink().Match(text, at) is { Success: true } link) return OneLink(link, marks, at, depth);
        if (depth < MaxDepth && Phrase(text, at) is var (mark, start, end, next)) return OnePhrase(text[start..end], mark, next, marks, depth);

        _text.Append(text[at]);
        return at + 1;
    }

    private int Break(string text, int at, AdfMark[] marks)
    {
        Flush(marks);
        _nodes.Add(new AdfNode("hardBreak"));
        while (at < text.Length && text[at] == ' ') at++;
        return at;
    }

    private int Opaque(Match image, AdfMark[] marks, int at)
    {
        Flush(marks);
        _nodes.Add(new AdfNode("mediaInline")
        {
            Attributes = new JsonObject { ["alt"] = image.Groups["name"].Value, [WikiInlineWriter.MarkupAttribute] = image.Value },
        });
        return at + image.Length;
    }

    private int OneLink(Match link, AdfMark[] marks, int at, int depth)
    {
        var (text, target) = (link.Groups["text"].Value, link.Groups["target"].Value);
        if (target.StartsWith('~') && target.Length > 1)
        {
            var id = target[1..].StartsWith("accountid:", StringComparison.OrdinalIgnoreCase) ? target[11..] : target[1..];
            Flush(marks);
            _nodes.Add(new AdfNode("mention") { Attributes = new JsonObject { ["id"] = id, ["text"] = $"@{id}" } });
        }
        else if (target.StartsWith('^') && target.Length > 1)
        {
            Flush(marks);
            _nodes.Add(new AdfNode("mediaInline") { Attributes = new JsonObject { ["alt"] = target[1..], [WikiInlineWriter.MarkupAttribute] = link.Value } });
        }
        else if (AdfLinks.IsAllowed(target))
        {
            Flush(marks);
            if (text.Length > 0 && depth < MaxDepth) Walk(text, With(marks, Link(target)), depth + 1);
            else Add(text.Length > 0 ? text : target, With(marks, Link(target)), marks);
        }
        else
        {
            // A page of the same site by a name of its own, or nothing at all: the words stay.
            _text.Append(link.Value);
        }

        return at + link.Length;
    }

    private int OnePhrase(string inner, AdfMark mark, int next, AdfMark[] marks, int depth)
    {
        Flush(marks);
        Walk(inner, With(marks, mark), depth + 1);
        return next;
    }

    /// <summary>A phrase that starts here: its mark, where its text starts and ends, and where reading goes on.</summary>
    private static (AdfMark Mark, int Start, int End, int Next)? Phrase(string text, int at)
    {
        var inBraces = text[at] == '{' && at + 2 < text.Length && text[at + 2] == '}';
        var sign = inBraces ? text[at + 1] : text[at];
        if (MarkOf(sign) is not { } mark) return null;
        if (inBraces)
        {
            var close = text.IndexOf($"{{{sign}}}", at + 3, StringComparison.Ordinal);
            return close > at + 3 ? (mark, at + 3, close, close + 3) : null;
        }

        if ((at > 0 && (WikiEscape.IsWord(text[at - 1]) || text[at - 1] == sign)) || at + 1 >= text.Length || char.IsWhiteSpace(text[at + 1]) || text[at + 1] == sign) return null;
        for (var end = at + 2; end < text.Length && text[end] != '\n'; end++)
        {
            if (text[end] != sign || char.IsWhiteSpace(text[end - 1]) || text[end - 1] == '\\') continue;
            if (end + 1 < text.Length && (WikiEscape.IsWord(text[end + 1]) || text[end + 1] == sign)) continue;
            return (mark, at + 1, end, end + 1);
        }

        return null;
    }

    private static AdfMark? MarkOf(char sign) => sign switch
    {
        '*' => new AdfMark("strong"),
        '_' => new AdfMark("em"),
        '-' => new AdfMark("strike"),
        '+' => new AdfMark("underline"),
        '^' => new AdfMark("subsup", new JsonObject { ["type"] = "sup" }),
        '~' => new AdfMark("subsup", new JsonObject { ["type"] = "sub" }),
        _ => null,
    };

    private static AdfMark Link(string href) => new("link", new JsonObject { ["href"] = href });

    private static AdfMark[] With(AdfMark[] marks, AdfMark mark) => Array.Exists(marks, present => present.Type == mark.Type)
        ? marks
        : [.. marks.Append(mark).OrderBy(one => MarkdownMark.Rank(one.Type))];

    private static string Plain(string escaped)
    {
        var unescaped = Escape().Replace(escaped, "$1");
        return Entity().Replace(unescaped, match => WebUtility.HtmlDecode(match.Value));
    }

    private void Add(string text, AdfMark[] marks, AdfMark[] before)
    {
        Flush(before);
        if (text.Length > 0) _nodes.Add(AdfNode.OfText(text, marks));
    }

    private void Flush(AdfMark[] marks)
    {
        if (_text.Length > 0) _nodes.Add(AdfNode.OfText(_text.ToString(), marks));
        _text.Clear();
    }

    [GeneratedRegex(@"\G&(#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,12});")]
    private static partial Regex Entity();

    [GeneratedRegex(@"\G(?<![\w/])https?://(?:(?!&#)[^\s\[\]|{}\\<>""*])+(?<![.,;:!?)'_])")]
    private static partial Regex Address();

    [GeneratedRegex(@"\G\{color(:[^}\n]{1,40})?\}")]
    private static partial Regex Color();

    [GeneratedRegex(@"\G\{\{(?<text>(?:\\.|[^\\\n])+?)\}\}")]
    private static partial Regex Code();

    [GeneratedRegex(@"\G(?<![\w!])!(?<name>[^\s!|][^!|\n]*?\.[A-Za-z0-9]{1,8})(\|[^!\n]*)?!(?!\w)")]
    private static partial Regex Image();

    [GeneratedRegex(@"\G\[((?<text>(?:\\.|[^\\\]|\n])+)\|)?(?<target>[^\]|\s]+)(\|[^\]\n]*)?\]")]
    private static partial Regex WikiLink();

    [GeneratedRegex(@"\\([^\w\s])")]
    private static partial Regex Escape();
}
