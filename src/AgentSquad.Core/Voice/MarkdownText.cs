using System.Globalization;
using System.Text;

namespace AgentSquad.Core.Voice;

/// <summary>
/// Puts text that somebody else wrote into Markdown so that it stays in its place: it cannot start a heading, a list, a link, a mention
/// or HTML, end the code block it stands in, or hide what follows.
/// </summary>
public static class MarkdownText
{
    private const string Escaped = @"\`*_[]<>&|~^={}$#";

    /// <summary>Makes text fit for one place in a line: control characters and line breaks become spaces, Markdown's own signs are escaped.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">Most characters to keep, before escaping; longer text is cut and ends in an ellipsis.</param>
    /// <returns>One line without leading or trailing space; empty when there is nothing to show.</returns>
    public static string Inline(string? text, int maxLength = 300)
    {
        var plain = OneLine(text, maxLength);
        var result = new StringBuilder(plain.Length + 16);
        for (var i = 0; i < plain.Length; i++)
        {
            // In pairs these mean something in some dialects; alone they are everyday text.
            var isPair = plain[i] is ':' or '+' or '"' && i > 0 && plain[i - 1] == plain[i];
            if (isPair || Escaped.Contains(plain[i], StringComparison.Ordinal) || OpensBlock(plain, i))
            {
                result.Append('\\');
            }

            result.Append(plain[i]);
        }

        return result.ToString();
    }

    /// <summary>Makes text one plain line, not escaped: for titles and other places that are not Markdown.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">Most characters to keep; longer text is cut and ends in an ellipsis.</param>
    public static string OneLine(string? text, int maxLength = 300)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var result = new StringBuilder(Math.Min(text.Length, maxLength) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if ((isSpace && (result.Length == 0 || result[^1] == ' ')) || IsInvisible(rune))
            {
                continue;
            }

            if (result.Length + rune.Utf16SequenceLength > maxLength)
            {
                return result.ToString().TrimEnd() + "…";
            }

            result.Append(isSpace ? " " : rune.ToString());
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>Makes text a code block whose fence is longer than any in the text.</summary>
    /// <param name="text">Any text; line breaks are kept.</param>
    /// <param name="maxLength">Most characters to keep; the cut is said below the block.</param>
    /// <returns>Lines without a trailing line break.</returns>
    public static string Fence(string? text, int maxLength = 4_000)
    {
        var lines = new StringBuilder();
        var source = text ?? "";
        var cut = source.Length > maxLength;
        foreach (var rune in (cut ? source[..maxLength] : source).ReplaceLineEndings("\n").EnumerateRunes())
        {
            var keep = rune.Value is '\n' or '\t' || !(Rune.IsControl(rune) || IsInvisible(rune));
            lines.Append(keep ? rune.ToString() : "");
        }

        var body = lines.ToString().TrimEnd();
        var fence = new string('`', Math.Max(3, LongestRun(body, '`') + 1));
        var note = cut ? string.Create(CultureInfo.InvariantCulture, $"\n\n(cut; {source.Length - maxLength} more characters)") : "";
        return $"{fence}\n{body}\n{fence}{note}";
    }

    private static bool OpensBlock(string line, int at)
    {
        if (at == 0)
        {
            return line[0] is '+' or '-' or ':';
        }

        // "1." and "1)" at the start of a place open a list.
        return line[at] is '.' or ')' && at <= 9 && line.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    // Direction overrides and zero-width characters can make a line show something other than what it says.
    private static bool IsInvisible(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200B or 0x2060 or 0xFEFF
        or 0x200E or 0x200F or 0x061C;

    private static int LongestRun(string text, char character)
    {
        var (longest, run) = (0, 0);
        foreach (var current in text)
        {
            run = current == character ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
