namespace AgentSquad.Agents.Offline.Reading;

/// <summary>Splits a description into classified lines. One pass, no backtracking: any input takes linear time.</summary>
internal static class DescriptionParser
{
    private const int MostCharacters = 200_000;
    private const int MostLines = 5_000;
    private const int LongestLine = 2_000;

    public static IReadOnlyList<DescriptionLine> Parse(string description)
    {
        var lines = new List<DescriptionLine>();
        var fence = "";
        foreach (var span in description.AsSpan(0, Math.Min(description.Length, MostCharacters)).EnumerateLines())
        {
            if (lines.Count == MostLines)
            {
                break;
            }

            var line = (span.Length > LongestLine ? span[..LongestLine] : span).ToString();
            var text = line.Trim();
            var mark = FenceMark(text);
            if (fence.Length > 0)
            {
                if (mark == fence && (fence == "{code" || text.AsSpan().IndexOfAnyExcept(fence[0]) < 0))
                {
                    fence = "";
                }
                else
                {
                    lines.Add(new(LineKind.Code, line));
                }
            }
            else if (mark.Length > 0)
            {
                fence = mark;
            }
            else
            {
                lines.Add(Classify(text, line.Length - line.TrimStart().Length));
            }
        }

        return lines;
    }

    private static string FenceMark(string text) =>
        text.StartsWith("```", StringComparison.Ordinal) ? "```"
        : text.StartsWith("~~~", StringComparison.Ordinal) ? "~~~"
        : text.StartsWith("{code", StringComparison.Ordinal) || text.StartsWith("{noformat", StringComparison.Ordinal) ? "{code"
        : "";

    private static DescriptionLine Classify(string text, int indent)
    {
        var body = text.TrimStart('>', ' ');
        if (body.Length == 0)
        {
            return new(LineKind.Blank, "");
        }

        if (HeadingText(body) is { } heading)
        {
            return new(LineKind.Heading, InlineMarkdown.Plain(heading));
        }

        var marker = ListMarkerLength(body);
        if (marker == 0)
        {
            return new(LineKind.Text, InlineMarkdown.Plain(body), indent);
        }

        var item = body[marker..].TrimStart();
        var hasBox = item.Length >= 3 && item[0] == '[' && item[1] is ' ' or 'x' or 'X' && item[2] == ']';
        return hasBox
            ? new(LineKind.Check, InlineMarkdown.Plain(item[3..]), indent)
            : new(LineKind.Item, InlineMarkdown.Plain(item), indent);
    }

    private static string? HeadingText(string text)
    {
        var level = 0;
        while (level < text.Length && text[level] == '#')
        {
            level++;
        }

        if (level is > 0 and <= 6 && level < text.Length && text[level] == ' ')
        {
            return text[level..].Trim(' ', '#');
        }

        if (text.Length > 4 && text[0] == 'h' && text[1] is >= '1' and <= '6' && text[2] == '.' && text[3] == ' ')
        {
            return text[4..];
        }

        var isBold = text.Length is > 4 and <= 80
            && ((text.StartsWith("**", StringComparison.Ordinal) && text.TrimEnd(':').EndsWith("**", StringComparison.Ordinal))
                || (text[0] == '*' && text[1] is not (' ' or '*') && text.TrimEnd(':')[^1] == '*'));
        // "Notes:" opens a section; "The list has these columns:" belongs to the one it stands in.
        var isLead = text.Length <= 40 && text[^1] == ':' && text.Count(character => character == ' ') <= 2 && ListMarkerLength(text) == 0;
        return isBold || isLead || SectionNames.IsKnown(text) ? text : null;
    }

    private static int ListMarkerLength(string text)
    {
        if (text.Length >= 2 && text[0] is '-' or '*' or '+' or '•' or '–' && text[1] == ' ')
        {
            return 2;
        }

        var digits = 0;
        while (digits < text.Length && digits < 4 && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        return digits > 0 && digits + 1 < text.Length && text[digits] is '.' or ')' && text[digits + 1] == ' ' ? digits + 2 : 0;
    }
}
