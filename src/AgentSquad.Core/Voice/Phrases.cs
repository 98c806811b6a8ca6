using System.Globalization;
using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Voice;

/// <summary>Small pieces that several comments share.</summary>
internal static class Phrases
{
    /// <summary>Longest comment in characters; Jira refuses more than 32,767, and its own mark-up needs some of them.</summary>
    public const int LongestComment = 28_000;

    /// <summary>Says who wrote a comment, honestly.</summary>
    /// <param name="source"><see cref="ISquadAgents.Source"/>.</param>
    public static string Source(string source)
    {
        var name = MarkdownText.Inline(source, 80);
        return source.Contains("rules", StringComparison.OrdinalIgnoreCase)
            ? $"*Written by AgentSquad's {name}, no language model.*"
            : $"*Written by AgentSquad with {name}.*";
    }

    /// <summary>A point in time for people, UTC to the minute.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A length of time for people: the one or two largest units.</summary>
    public static string Duration(TimeSpan time)
    {
        var (days, hours, minutes) = ((int)time.TotalDays, time.Hours, time.Minutes);
        return (days, hours, minutes) switch
        {
            ( > 0, > 0, _) => $"{Count(days, "day")} and {Count(hours, "hour")}",
            ( > 0, _, _) => Count(days, "day"),
            (_, > 0, > 0) => $"{Count(hours, "hour")} and {Count(minutes, "minute")}",
            (_, > 0, _) => Count(hours, "hour"),
            (_, _, > 0) => Count(minutes, "minute"),
            _ => Count(Math.Max(0, (int)time.TotalSeconds), "second"),
        };
    }

    /// <summary>Hours of work for people.</summary>
    public static string Hours(double hours) => string.Create(CultureInfo.InvariantCulture, $"about {Math.Round(hours, 1)} h");

    /// <summary>A number with its noun.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Lines of a list, one per item that has something to say.</summary>
    public static IEnumerable<string> Bullets(IEnumerable<string> items, int maxLength = 400) =>
        items.Select(item => MarkdownText.Inline(item, maxLength)).Where(item => item.Length > 0).Select(item => $"- {item}");

    /// <summary>A task in one line.</summary>
    public static string Task(PlannedTask task) =>
        $"**{MarkdownText.Inline(task.Id, 20)}** {MarkdownText.Inline(task.Title, 160)} ({RoleNames.Of(task.Role)})";

    /// <summary>Joins blocks with blank lines, leaving out the empty ones.</summary>
    public static string Blocks(params IEnumerable<string?> blocks) => string.Join("\n\n", blocks.Where(block => !string.IsNullOrEmpty(block)));

    /// <summary>Joins lines.</summary>
    public static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
