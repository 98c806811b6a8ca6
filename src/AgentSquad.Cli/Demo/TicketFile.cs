namespace AgentSquad.Cli.Demo;

/// <summary>
/// A ticket in a Markdown file: the first line is the summary (a leading <c>#</c> is dropped), the rest the description. Front matter
/// between two <c>---</c> lines may come first, with <c>type</c>, <c>priority</c>, <c>labels</c> and <c>components</c> (the last two
/// separated by commas).
/// </summary>
/// <param name="Summary">One line.</param>
/// <param name="Description">Markdown; may be empty.</param>
/// <param name="IssueType">Name of the issue type; default is <c>Story</c>.</param>
/// <param name="Priority">Name of the priority; null for the site's default.</param>
/// <param name="Labels">Labels besides the trigger label.</param>
/// <param name="Components">Names of components.</param>
internal sealed record TicketFile(
    string Summary,
    string Description,
    string IssueType,
    string? Priority,
    IReadOnlyList<string> Labels,
    IReadOnlyList<string> Components)
{
    private const string Fence = "---";
    private const int MaxSummary = 255;

    /// <summary>The built-in sample.</summary>
    public static TicketFile Sample()
    {
        using var stream = typeof(TicketFile).Assembly.GetManifestResourceStream("sample-ticket.md")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), "the sample");
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CliException">It is not there or holds no ticket.</exception>
    public static TicketFile Read(string path)
    {
        if (!File.Exists(path)) throw new CliException($"There is no ticket file '{path}'.");
        return Parse(File.ReadAllText(path), $"'{path}'");
    }

    /// <summary>Reads a ticket from text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="CliException">It holds no ticket.</exception>
    public static TicketFile Parse(string text, string source)
    {
        var lines = text.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n').AsSpan();
        var front = FrontMatter(ref lines, source);
        while (lines.Length > 0 && string.IsNullOrWhiteSpace(lines[0])) lines = lines[1..];
        var summary = lines.Length > 0 ? lines[0].TrimStart('#').Trim() : "";
        if (summary.Length == 0) throw new CliException($"The ticket in {source} is empty: its first line is the summary, the rest the description.");
        if (summary.Length > MaxSummary) throw new CliException($"The summary in {source} (its first line) is longer than {MaxSummary} characters.");
        return new TicketFile(
            summary,
            string.Join('\n', lines[1..]!).Trim(),
            front.GetValueOrDefault("type", "Story"),
            front.GetValueOrDefault("priority"),
            List(front.GetValueOrDefault("labels")),
            List(front.GetValueOrDefault("components")));
    }

    private static Dictionary<string, string> FrontMatter(ref Span<string> lines, string source)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (lines.Length == 0 || lines[0].TrimEnd() != Fence) return values;
        var i = 1;
        for (; i < lines.Length && lines[i].TrimEnd() != Fence; i++)
        {
            var colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var (name, value) = (lines[i][..colon].Trim(), lines[i][(colon + 1)..].Trim().Trim('[', ']', '"', '\''));
            if (value.Length > 0) values[name] = value;
        }

        if (i == lines.Length) throw new CliException($"The front matter in {source} has no closing '{Fence}' line.");
        lines = lines[(i + 1)..];
        return values;
    }

    private static string[] List(string? value) =>
        value?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
