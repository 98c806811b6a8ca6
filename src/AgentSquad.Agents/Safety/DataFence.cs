using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.Agents.Safety;

/// <summary>
/// Fences text of others within a prompt. The mark is random for each prompt, so nothing that was written before can close the fence;
/// characters that people do not see, and models do, are taken out.
/// </summary>
internal sealed class DataFence
{
    /// <summary>The mark of this prompt's fences.</summary>
    public string Mark { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The text within a fence.</summary>
    /// <param name="source">What it is, one line of our own words.</param>
    /// <param name="text">The text of others.</param>
    public string Wrap(string source, string text) => $"<<<DATA {Mark} {source}>>>\n{Visible(text).Replace(Mark, "", StringComparison.Ordinal)}\n<<<END {Mark}>>>";

    /// <summary>The text without characters that are not visible: controls, formats, tags, variation selectors, unpaired surrogates.</summary>
    public static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsHidden(rune)) visible.Append(rune.ToString());
        }

        return visible.ToString();
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0xFFFD or 0x115F or 0x1160 or 0x3164;
}
