using System.Globalization;
using System.Text;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Renders what stands within a line.</summary>
internal static class MarkdownInlineWriter
{
    private enum TokenKind
    {
        Text,
        Raw,
        Break,
        Open,
        Close,
    }

    /// <summary>Renders inline nodes.</summary>
    /// <param name="nodes">The nodes; blocks among them give their text.</param>
    /// <param name="oneLine">Whether the result must stay on one line, as in headings and table cells.</param>
    /// <param name="inHeading">Whether the line is a heading.</param>
    public static string Write(IEnumerable<AdfNode> nodes, bool oneLine = false, bool inHeading = false)
    {
        var tokens = new List<Token>();
        Emit(Merge(Segments(nodes)), 0, tokens);
        var output = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            var startsLine = output.Length == 0 || output[^1] == '\n';
            var token = tokens[i];
            switch (token.Kind)
            {
                case TokenKind.Text when i > 0 && tokens[i - 1].Mark?.Href is not null && MarkdownEscape.IsBox(token.Value):
                    output.Append(MarkdownEscape.Entity(token.Value[0]));
                    break;
                case TokenKind.Text:
                    var endsLine = i + 1 == tokens.Count || tokens[i + 1].Kind == TokenKind.Break;
                    MarkdownEscape.Append(output, token.Value, startsLine, endsLine, inHeading);
                    break;
                case TokenKind.Break:
                    // A backslash at the very end of a block would be a backslash.
                    output.Append(oneLine || i + 1 == tokens.Count ? "<br>" : "\\\n");
                    break;
                case TokenKind.Raw:
                    output.Append(token.Value);
                    break;
                default:
                    output.Append(token.Mark!.Delimiter(token.Kind == TokenKind.Open, UsesHtml(tokens, token.Mark)));
                    break;
            }
        }

        return output.ToString();
    }

    private static IEnumerable<Segment> Segments(IEnumerable<AdfNode> nodes)
    {
        foreach (var node in nodes)
        {
            switch (node.Type)
            {
                case "text":
                    if (node.Text is { Length: > 0 } text) yield return new Segment(text, null, false, node.Marks);
                    break;
                case "hardBreak":
                    yield return new Segment("", null, true, []);
                    break;
                default:
                    if (MarkdownSpecialNodes.Write(node) is { } special)
                    {
                        if (special.Text.Length > 0) yield return new Segment(special.IsMarkdown ? "" : special.Text, special.IsMarkdown ? special.Text : null, false, []);
                        break;
                    }

                    foreach (var inner in Segments(node.Content)) yield return inner;
                    break;
            }
        }
    }

    private static List<Segment> Merge(IEnumerable<Segment> segments)
    {
        var merged = new List<Segment>();
        foreach (var segment in segments)
        {
            if (merged.Count > 0 && merged[^1] is { IsText: true } previous && segment.IsText && previous.SameMarks(segment))
            {
                merged[^1] = previous with { Text = previous.Text + segment.Text };
            }
            else
            {
                merged.Add(segment);
            }
        }

        return merged;
    }

    private static void Emit(List<Segment> segments, int level, List<Token> tokens)
    {
        if (level == MarkdownMark.Count)
        {
            foreach (var segment in segments) EmitLeaf(segment, tokens);
            return;
        }

        for (var i = 0; i < segments.Count;)
        {
            var mark = MarkdownMark.Of(segments[i].Find(MarkdownMark.TypeAt(level)));
            var end = i + 1;
            while (end < segments.Count && Equals(MarkdownMark.Of(segments[end].Find(MarkdownMark.TypeAt(level))), mark)) end++;
            var group = segments.GetRange(i, end - i);
            i = end;
            if (mark is null)
            {
                Emit(group, level + 1, tokens);
                continue;
            }

            if (mark.IsAutolink(group))
            {
                tokens.Add(new Token(TokenKind.Raw, $"<{mark.Href}>"));
                continue;
            }

            var own = mark with { Pair = new object() };
            tokens.Add(new Token(TokenKind.Open, "", own));
            Emit(group, level + 1, tokens);
            tokens.Add(new Token(TokenKind.Close, "", own));
        }
    }

    private static void EmitLeaf(Segment segment, List<Token> tokens)
    {
        if (segment.IsBreak) tokens.Add(new Token(TokenKind.Break, ""));
        else if (segment.Raw is { } raw) tokens.Add(new Token(TokenKind.Raw, raw));
        else if (segment.Find("code") is not null) tokens.Add(new Token(TokenKind.Raw, CodeSpan(segment.Text)));
        else tokens.Add(new Token(TokenKind.Text, segment.Text));
    }

    /// <summary>
    /// Markdown's own signs work only at the edge of a word. Where they would not, the HTML tag says the same; both sides' neighbours are
    /// punctuation in either form, so that one pair's choice does not depend on another's.
    /// </summary>
    private static bool UsesHtml(List<Token> tokens, MarkdownMark mark)
    {
        if (mark.Sign is not { } sign) return true;
        var open = tokens.FindIndex(token => token.Kind == TokenKind.Open && ReferenceEquals(token.Mark!.Pair, mark.Pair));
        var close = tokens.FindIndex(open, token => token.Kind == TokenKind.Close && ReferenceEquals(token.Mark!.Pair, mark.Pair));
        var strict = sign[0] == '_';
        return !Opens(Edge(tokens, open - 1, true), Edge(tokens, open + 1, false), strict)
            || !Opens(Edge(tokens, close + 1, false), Edge(tokens, close - 1, true), strict);
    }

    private static bool Opens(char outside, char inside, bool strict) => char.IsLetterOrDigit(inside)
        ? !strict || char.IsWhiteSpace(outside) || IsAsciiSign(outside)
        : char.IsWhiteSpace(outside) && IsAsciiSign(inside);

    private static bool IsAsciiSign(char character) => character is > ' ' and < '\u007f' && !char.IsAsciiLetterOrDigit(character);

    private static char Edge(List<Token> tokens, int at, bool last)
    {
        if (at < 0 || at >= tokens.Count || tokens[at].Kind == TokenKind.Break) return ' ';
        return tokens[at] switch
        {
            { Kind: TokenKind.Text, Value: var text } => last ? text[^1] : text[0],
            { Kind: TokenKind.Raw, Value: var raw } => last ? raw[^1] : raw[0],
            _ => '*',
        };
    }

    private static string CodeSpan(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\n', ' ').Replace('\r', ' ');
        var (longest, run) = (0, 0);
        foreach (var character in line)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        var pad = line[0] == '`' || line[^1] == '`' || (line[0] == ' ' && line[^1] == ' ' && line.Trim(' ').Length > 0) ? " " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{fence}{pad}{line}{pad}{fence}");
    }

    private sealed record Token(TokenKind Kind, string Value, MarkdownMark? Mark = null);

    internal sealed record Segment(string Text, string? Raw, bool IsBreak, List<AdfMark> Marks)
    {
        public bool IsText => Raw is null && !IsBreak;

        public AdfMark? Find(string type) => Marks.Find(mark => mark.Type == type);

        public bool SameMarks(Segment other) =>
            Marks.Count == other.Marks.Count && Marks.TrueForAll(mark => other.Marks.Exists(candidate => candidate.Same(mark)));
    }
}
