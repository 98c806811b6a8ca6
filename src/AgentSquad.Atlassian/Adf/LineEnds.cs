namespace AgentSquad.Atlassian.Adf;

/// <summary>Line ends as Markdown and wiki markup know them.</summary>
internal static class LineEnds
{
    /// <summary>
    /// Makes every line end a line feed. Unlike <see cref="string.ReplaceLineEndings()"/> it leaves form feeds and Unicode's separators, which
    /// end no line here and are part of the text.
    /// </summary>
    public static string Normal(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
