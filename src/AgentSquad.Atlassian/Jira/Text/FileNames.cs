using System.Text;

namespace AgentSquad.Atlassian.Jira.Text;

/// <summary>Names of attached files that every site stores as they are; a name that the site changed could not be found again.</summary>
internal static class FileNames
{
    private const int Longest = 120;

    /// <summary>The name with everything but letters, digits, spaces and <c>-_.()</c> replaced, composed, and at most 120 characters long.</summary>
    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var rune in name.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            plain.Append(Rune.IsLetterOrDigit(rune) || (rune.IsAscii && " -_.()".Contains((char)rune.Value, StringComparison.Ordinal)) ? rune.ToString() : "-");
        }

        var text = plain.ToString().Trim(' ', '.');
        var extension = Path.GetExtension(text);
        if (extension.Length > 16) extension = "";
        var stem = text[..(text.Length - extension.Length)];
        if (stem.Length + extension.Length > Longest) stem = stem[..(Longest - extension.Length - (char.IsLowSurrogate(stem[Longest - extension.Length]) ? 1 : 0))];
        return stem.Length == 0 ? $"file{extension}" : stem + extension;
    }
}
