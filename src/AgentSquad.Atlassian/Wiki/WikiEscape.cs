using System.Globalization;
using System.Text;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>Writes text into wiki markup so that it stays text.</summary>
internal static class WikiEscape
{
    /// <summary>Escapes one run of text.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="text">The text.</param>
    /// <param name="endsLine">Whether the run is the last on its line.</param>
    public static void Append(StringBuilder output, string text, bool endsLine)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var startsLine = output.Length == 0 || output[^1] == '\n';
            var character = text[i];
            if (character is '\\' or '\n' or '\r' or '\t' || (startsLine && (IsLineMacro(text, i) || char.IsWhiteSpace(character)))
                || (character == '&' && LooksLikeEntity(text, i)) || (endsLine && char.IsWhiteSpace(character) && i + 1 == text.Length))
            {
                // A backslash before a backslash is a line break, and letters cannot be escaped with one.
                output.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");
                continue;
            }

            if (NeedsBackslash(output, text, i, startsLine)) output.Append('\\');
            output.Append(character);
        }
    }

    /// <summary>Whether a character may carry a phrase mark: neither side within a word.</summary>
    public static bool IsWord(char character) => char.IsLetterOrDigit(character);

    private static bool NeedsBackslash(StringBuilder output, string text, int at, bool startsLine)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        var previous = at > 0 ? text[at - 1] : output.Length > 0 ? output[^1] : '\0';
        return text[at] switch
        {
            '{' or '}' or '[' or ']' or '|' or '!' => true,
            '*' or '_' or '-' or '+' or '^' or '~' => !(IsWord(previous) && IsWord(next)) && !(text[at] == '-' && previous == ' ' && next == ' '),
            '#' => startsLine || previous is '*' or '#',
            '?' => next == '?' || previous == '?',
            '(' => next is '/' or 'x' or 'i' or '!' or '+' or '-' or '?' or '*' or 'y' or 'n' or 'o',
            ':' or ';' => next is ')' or '(' or 'D' or 'P' or 'p',
            _ => false,
        };
    }

    private static bool IsLineMacro(string text, int at)
    {
        var rest = text.AsSpan(at);
        return rest.StartsWith("bq.", StringComparison.OrdinalIgnoreCase)
            || (rest.Length >= 3 && rest[0] is ('h' or 'H') && char.IsAsciiDigit(rest[1]) && rest[2] == '.');
    }

    private static bool LooksLikeEntity(string text, int at) => at + 1 < text.Length && (text[at + 1] == '#' || char.IsAsciiLetter(text[at + 1]));
}
