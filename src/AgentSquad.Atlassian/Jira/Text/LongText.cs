using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.Atlassian.Jira.Text;

/// <summary>
/// A text that one field or one comment has to hold. Over the site's limit it becomes its beginning, the name of a file, and that file with
/// the whole of it: nothing is lost, and nothing is refused.
/// </summary>
/// <param name="Shown">What goes onto the ticket, in Markdown.</param>
/// <param name="FileName">Name of the file with the whole text; carries a hash of it. Null when it fits.</param>
/// <param name="Content">The file's content.</param>
internal sealed record LongText(string Shown, string? FileName = null, byte[]? Content = null)
{
    // The note in the longer of the two dialects, with room to spare.
    private const int NoteLength = 700;

    /// <summary>Fits a text.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="name">What it is, such as <c>description</c>: the beginning of the file's name.</param>
    /// <param name="length">Measures a text in the limit's unit; never shorter for a longer text.</param>
    public static LongText Fit(string markdown, string name, Func<string, int> length)
    {
        if (length(markdown) <= JiraLimits.TextLength) return new LongText(markdown);
        var content = Encoding.UTF8.GetBytes(markdown);
        var file = $"{name}-{Convert.ToHexStringLower(SHA256.HashData(content))[..8]}.md";
        var beginning = MarkdownSplitter.Split(markdown, JiraLimits.TextLength - NoteLength, length)[0];
        return new LongText($"{beginning}\n\n*The text goes on: all of it is in the attached file {file}.*", file, content);
    }
}
