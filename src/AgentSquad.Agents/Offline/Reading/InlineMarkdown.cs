using System.Text;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Reading;

/// <summary>Takes inline Markdown (and the little wiki mark-up that sites send) off a line, so that rules read words.</summary>
internal static class InlineMarkdown
{
    /// <summary>The line's text: emphasis, code marks, escapes and link targets gone, on one line.</summary>
    public static string Plain(string line)
    {
        var result = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            var current = line[i];
            if (current == '\\' && i + 1 < line.Length && char.IsPunctuation(line[i + 1]) | char.IsSymbol(line[i + 1]))
            {
                result.Append(line[++i]);
            }
            else if (current is '*' or '`' || (current == '_' && IsEdge(line, i)))
            {
                continue;
            }
            else if (current == ']' && i + 1 < line.Length && line[i + 1] == '(' && EndOfTarget(line, i + 2) is var end and > 0)
            {
                i = end;
            }
            else if (current is not ('[' or ']'))
            {
                result.Append(current);
            }
        }

        return MarkdownText.OneLine(result.ToString(), 600);
    }

    // Underscores within a word belong to a name such as user_id.
    private static bool IsEdge(string line, int at) =>
        at == 0 || at == line.Length - 1 || !char.IsLetterOrDigit(line[at - 1]) || !char.IsLetterOrDigit(line[at + 1]);

    // Targets are short; a bounded look keeps a line of a million "](" linear.
    private static int EndOfTarget(string line, int start)
    {
        var end = line.AsSpan(start, Math.Min(500, line.Length - start)).IndexOf(')');
        return end < 0 ? -1 : start + end;
    }
}
