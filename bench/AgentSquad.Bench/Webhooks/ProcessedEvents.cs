using System.Text.RegularExpressions;
using AgentSquad.Bench.World;
using Azure;
using Azure.Data.Tables;

namespace AgentSquad.Bench.Webhooks;

/// <summary>
/// Finds out what became of accepted events: each is in a run's inbox and handled, or the app's log tells that it is there under the id of its
/// comment, or why it means nothing.
/// </summary>
internal static partial class ProcessedEvents
{
    private const string RowPrefix = "event-";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // The log is written behind.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How many of the accepted events left no trace of having been processed. The queue has to be empty.</summary>
    public static async Task<int> MissingAsync(LocalWorld world, IReadOnlyCollection<string> accepted, CancellationToken cancellation)
    {
        var missing = accepted.ToHashSet(StringComparer.Ordinal);
        missing.ExceptWith(await HandledAsync(world, cancellation));
        for (var until = DateTimeOffset.UtcNow + Patience; ;)
        {
            missing.ExceptWith(ToldOf(world.AppLog));
            if (missing.Count == 0 || DateTimeOffset.UtcNow > until) return missing.Count;
            await Task.Delay(Pause, cancellation);
        }
    }

    private static async Task<HashSet<string>> HandledAsync(LocalWorld world, CancellationToken cancellation)
    {
        var handled = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var rows = new TableClient(world.Azurite.ConnectionString, "SquadInbox")
                .QueryAsync<TableEntity>("Handled eq true", select: ["RowKey"], maxPerPage: 1000, cancellationToken: cancellation);
            await foreach (var row in rows) handled.Add(row.RowKey[RowPrefix.Length..]);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            // No run has had an event.
        }

        return handled;
    }

    private static IEnumerable<string> ToldOf(string log)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (Outcome().Match(line) is { Success: true } match) yield return match.Groups["id"].Value;
        }
    }

    [GeneratedRegex(@"Delivery (?<id>[0-9a-f]{32}) (\(.*?\) means nothing|is a duplicate|was processed)")]
    private static partial Regex Outcome();
}
