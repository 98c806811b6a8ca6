using System.Globalization;
using System.Text;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Writes text into Markdown so that it stays text.</summary>
internal static class MarkdownEscape
{
    /// <summary>Escapes one run of text.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="text">The text.</param>
    /// <param name="startsLine">Whether the run is the first on its line.</param>
    /// <param name="endsLine">Whether the run is the last on its line.</param>
    /// <param name="inHeading">Whether the line is a heading, whose closing signs would be dropped.</param>
    public static void Append(StringBuilder output, string text, bool startsLine, bool endsLine, bool inHeading)
    {
        var first = startsLine ? text.Length - text.TrimStart().Length : 0;
        var last = endsLine ? text.TrimEnd().Length : text.Length;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];

            // Markdown drops space at the edges of a line and every line break; as an entity it stays.
            if (character is '\n' or '\r' or '\t' || i < first || i >= last)
            {
                output.Append(Entity(character));
                continue;
            }

            if (NeedsBackslash(text, i, startsLine && i == first, inHeading) || (startsLine && EndsListNumber(text, first, i))) output.Append('\\');
            output.Append(character);
        }
    }

    /// <summary>Whether a link's text would make its brackets a task's box.</summary>
    public static bool IsBox(string text) => text is "x" or "X" or " ";

    /// <summary>A character in the form that nothing in Markdown reads as a sign.</summary>
    public static string Entity(char character) => string.Create(CultureInfo.InvariantCulture, $"&#{(int)character};");

    private static bool NeedsBackslash(string text, int at, bool isFirst, bool inHeading) => text[at] switch
    {
        '\\' or '`' or '*' or '[' or ']' or '<' or '|' => true,
        '_' => !IsInWord(text, at),
        '~' => (at > 0 && text[at - 1] == '~') || (at + 1 < text.Length && text[at + 1] == '~') || at == 0 || at + 1 == text.Length,
        '&' => LooksLikeEntity(text, at),

        // A link that follows would become an image.
        '!' => at + 1 == text.Length,
        '#' => isFirst || inHeading,
        '>' or '+' or '-' or '=' or ':' => isFirst,
        _ => false,
    };

    private static bool IsInWord(string text, int at) =>
        at > 0 && at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at + 1]);

    private static bool LooksLikeEntity(string text, int at) =>
        at + 1 == text.Length || text[at + 1] == '#' || char.IsAsciiLetterOrDigit(text[at + 1]);

    // "12." and "12)" at the start of a line would open a list.
    private static bool EndsListNumber(string text, int first, int at) =>
        text[at] is '.' or ')' && at > first && at - first <= 9 && text.AsSpan(first, at - first).IndexOfAnyExceptInRange('0', '9') < 0;
}
