using System.Globalization;
using System.Text;

namespace AgentSquad.Core.Voice;

/// <summary>
/// Puts Markdown that an agent wrote below a heading of ours: its headings move below ours, its fences end with it, raw HTML stays text.
/// </summary>
public static class MarkdownDocument
{
    private static readonly string[] OpensElsewhere = [":::", "$$", "```"];

    /// <summary>Nests a document.</summary>
    /// <param name="markdown">The agent's Markdown.</param>
    /// <param name="below">Level of the heading it stands under; its own headings start one deeper, at most six.</param>
    /// <param name="maxLength">Most characters to keep; the cut falls on a line's end and is said.</param>
    public static string Nest(string markdown, int below, int maxLength)
    {
        var result = new StringBuilder();
        var fence = "";
        var left = 0;
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            if (left > 0 || result.Length + line.Length + 1 > maxLength)
            {
                left += line.Length + 1;
                continue;
            }

            var before = fence;
            fence = FenceAfter(before, line);
            // An indented fence is a fence only where its list reaches that far; without the indent it is one everywhere.
            result.Append(before != fence ? line.Trim() : fence.Length > 0 ? line : Outside(line, below)).Append('\n');
        }

        if (fence.Length > 0)
        {
            result.Append(fence).Append('\n');
        }

        if (left > 0)
        {
            result.Append(CultureInfo.InvariantCulture, $"\n(cut; {left} more characters)\n");
        }

        return result.ToString().TrimEnd();
    }

    private static string Outside(string line, int below)
    {
        var text = line.TrimStart(' ');
        var indent = line[..(line.Length - text.Length)];
        // HTML, and the containers and formulas of some dialects, would go on to the end of the whole text.
        // Backticks that are no fence by the letter (one more follows on the line) are one to some readers.
        if (text.StartsWith('<') || OpensElsewhere.Any(opener => text.StartsWith(opener, StringComparison.Ordinal)))
        {
            return $"{indent}\\{text}";
        }

        var level = text.TakeWhile(character => character == '#').Count();
        var isHeading = level is > 0 and <= 6 && (text.Length == level || text[level] is ' ' or '\t');
        return isHeading ? new string('#', Math.Min(6, level + below)) + text[level..] : line;
    }

    /// <summary>The fence that is open after a line, empty for none.</summary>
    private static string FenceAfter(string open, string line)
    {
        var text = line.Trim();
        // Fences inside list items count too: to see one too many only closes it early, to miss one would swallow what follows.
        var marker = text.Length > 0 && text[0] is '`' or '~' ? text[0] : '\0';
        var length = marker == '\0' ? 0 : text.TakeWhile(character => character == marker).Count();
        if (open.Length == 0)
        {
            var isFence = length >= 3 && (marker == '~' || !text[length..].Contains('`', StringComparison.Ordinal));
            return isFence ? new string(marker, length) : "";
        }

        var closes = length >= open.Length && marker == open[0] && length == text.Length;
        return closes ? "" : open;
    }
}
