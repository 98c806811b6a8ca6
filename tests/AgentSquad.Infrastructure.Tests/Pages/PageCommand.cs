using System.Text.RegularExpressions;
using AgentSquad.TestSupport;

namespace AgentSquad.Infrastructure.Tests.Pages;

/// <summary>A line of a shell block in a page.</summary>
/// <param name="Page">Path of the page.</param>
/// <param name="Text">The line.</param>
/// <param name="IsExcused">Whether the paragraph before the block says that no test or CI runs it, and why.</param>
internal sealed partial record PageCommand(string Page, string Text, bool IsExcused)
{
    private static readonly string[] Tops = ["README.md", "CONTRIBUTING.md", "infra/README.md"];

    /// <summary>All commands of all pages.</summary>
    public static IReadOnlyList<PageCommand> All { get; } =
    [
        .. Tops.Concat(Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}"))
            .SelectMany(page => Read(page, File.ReadAllText(Path.Combine(RepositoryPaths.Root, page)))),
    ];

    /// <summary>The commands of a page.</summary>
    public static IEnumerable<PageCommand> Read(string page, string text)
    {
        foreach (Match block in Blocks().Matches(text.ReplaceLineEndings("\n")))
        {
            var before = text.ReplaceLineEndings("\n")[..block.Index].TrimEnd().Split("\n\n")[^1].ReplaceLineEndings(" ");
            var excused = Excuse().IsMatch(before);
            var lines = block.Groups["lines"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines.Select(line => line.Trim()).Where(line => line is not ['#', ..])) yield return new(page, line, excused);
        }
    }

    [GeneratedRegex(@"(?m)^```(sh|bash|shell|console)\n(?<lines>[^`]*)```")]
    private static partial Regex Blocks();

    [GeneratedRegex(@"[Nn]ot run by a test( or CI)?,? because ")]
    private static partial Regex Excuse();
}
