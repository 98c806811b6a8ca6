using System.Text.Json;
using AgentSquad.Bench.World;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Bench.Chaos;

/// <summary>How a ticket ended, as its reader sees it, without what differs from ticket to ticket.</summary>
/// <param name="Status">Name of its status.</param>
/// <param name="StatusesEntered">Statuses that it was moved to, oldest first.</param>
/// <param name="Stages">Stages that its run entered.</param>
/// <param name="RunStatus">How the run ended.</param>
/// <param name="Comments">Kind and text of the squad's comments, sorted.</param>
/// <param name="Others">Sub-tasks, attachments and links by name, sorted.</param>
/// <param name="Duplicates">Effects of one key that are there more than once.</param>
internal sealed record TicketEnd(
    string Status, IReadOnlyList<string> StatusesEntered, IReadOnlyList<string> Stages, string RunStatus, IReadOnlyList<string> Comments,
    IReadOnlyList<string> Others, int Duplicates)
{
    /// <summary>Reads how a ticket ended.</summary>
    public static async Task<TicketEnd> ReadAsync(Reporter reporter, string key, TicketRun run)
    {
        var issue = await reporter.ReadAsync(key);
        var fields = issue.GetProperty("fields");
        var entered = issue.GetProperty("changelog").GetProperty("histories").EnumerateArray()
            .OrderBy(history => long.Parse(history.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture))
            .SelectMany(history => history.GetProperty("items").EnumerateArray())
            .Where(item => item.GetProperty("field").GetString() == "status").Select(item => item.GetProperty("toString").GetString()!).ToList();
        var comments = (await reporter.CommentsAsync(key)).Select(comment => $"{comment.Kind}: {Neutral(comment.Text, key)}").Order(StringComparer.Ordinal).ToList();
        string[] others =
        [
            .. Names(fields, "subtasks", sub => sub.GetProperty("fields").GetProperty("summary").GetString()!).Select(name => $"sub-task {Neutral(name, key)}"),
            .. Names(fields, "attachment", file => file.GetProperty("filename").GetString()!).Select(name => $"attachment {Neutral(name, key)}"),
        ];
        var duplicates = Repeated(await KeysAsync(reporter, key)) + Repeated(others);
        return new TicketEnd(
            fields.GetProperty("status").GetProperty("name").GetString()!, entered, run.Stages ?? [], run.RunStatus, comments,
            [.. others.Order(StringComparer.Ordinal)], duplicates);
    }

    /// <summary>What differs from the same ticket without faults, one sentence each; empty when nothing does.</summary>
    public IReadOnlyList<string> DifferencesFrom(TicketEnd reference)
    {
        var differences = new List<string>();
        if (Status != reference.Status) differences.Add($"status {Status} instead of {reference.Status}");
        if (RunStatus != reference.RunStatus) differences.Add($"run {RunStatus} instead of {reference.RunStatus}");
        if (!StatusesEntered.SequenceEqual(reference.StatusesEntered)) differences.Add($"moved to {Joined(StatusesEntered)} instead of {Joined(reference.StatusesEntered)}");
        if (!Stages.SequenceEqual(reference.Stages)) differences.Add($"stages {Joined(Stages)} instead of {Joined(reference.Stages)}");
        if (!Comments.SequenceEqual(reference.Comments)) differences.Add($"comments differ: {FirstDifference(Comments, reference.Comments)}");
        if (!Others.SequenceEqual(reference.Others)) differences.Add($"{Joined(Others)} instead of {Joined(reference.Others)}");
        return differences;
    }

    private static async Task<IEnumerable<string>> KeysAsync(Reporter reporter, string key) =>
        (await reporter.RawCommentsAsync(key)).GetProperty("comments").EnumerateArray()
            .SelectMany(comment => comment.TryGetProperty("properties", out var properties) ? properties.EnumerateArray().ToArray() : [])
            .Where(property => property.GetProperty("key").GetString() == "agentsquad")
            .Select(property => property.GetProperty("value")).Where(value => value.TryGetProperty("key", out _)).Select(value => value.GetProperty("key").GetString()!);

    private static int Repeated(IEnumerable<string> names) => names.GroupBy(name => name, StringComparer.Ordinal).Sum(group => group.Count() - 1);

    private static IEnumerable<string> Names(JsonElement fields, string field, Func<JsonElement, string> name) =>
        fields.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(name) : [];

    // Ticket keys differ from run to run, whether in texts or in links; so do times of day.
    private static string Neutral(string text, string key) =>
        System.Text.RegularExpressions.Regex.Replace(text.Replace(key, "KEY", StringComparison.Ordinal), @"TEST-\d+|http://127\.0\.0\.1:\d+|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?", "…");

    private static string Joined(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";

    private static string FirstDifference(IReadOnlyList<string> these, IReadOnlyList<string> those)
    {
        var extra = these.Except(those).FirstOrDefault();
        var missing = those.Except(these).FirstOrDefault();
        return $"{these.Count} instead of {those.Count}; only here: {extra ?? "nothing"}; only there: {missing ?? "nothing"}";
    }
}
