using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentSquad.TestSupport;

namespace AgentSquad.Bench.Proof;

/// <summary>The page <c>docs/proof.md</c> with its pictures, written from the records and from nothing else.</summary>
internal static class ProofPage
{
    private const string Head = """
        # Proof

        What this project claims of itself, the command that shows it, and what the command came to. This page is generated from the records in
        `bench/results`, so it cannot say anything else. To make a record anew, and the page with it:

        ```
        dotnet run --project bench/AgentSquad.Bench -c Release -- proof run chaos --tickets 200 --kills 100 --seed 1
        ```

        and likewise with every command below; `proof page` writes the page alone. Each command says with `--help` what it can do, starts everything that
        it needs by itself, and prints one JSON object with `--json`. Figures are of one machine and one run: its class and how busy it was before (the
        load average, which should be near 0 for figures about time) stand beside each. Misses stay in, with the reason.


        """;

    private static readonly string Docs = Path.Combine(RepositoryPaths.Root, "docs");

    /// <summary>Where the page is.</summary>
    public static string File { get; } = Path.Combine(Docs, "proof.md");

    /// <summary>Writes page and pictures.</summary>
    public static async Task SaveAsync(CancellationToken cancellation)
    {
        var records = ProofRecord.ReadAll();
        ProofPlots.Save(records, Path.Combine(Docs, "images"));
        await System.IO.File.WriteAllTextAsync(File, Write(records), cancellation);
    }

    /// <summary>The page's text.</summary>
    public static string Write(IReadOnlyList<ProofRecord> records)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        page.Append("| Claim | Command | Figure | Goal | Reached | Date | Machine |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        var misses = new List<string>();
        foreach (var claim in Claim.Of(records))
        {
            var shown = records.Where(record => record.Bench == claim.Bench && claim.Counts(record.Result)).ToList();
            foreach (var record in shown)
            {
                var isMet = claim.IsMet(record.Result);
                if (!isMet) misses.Add($"- {claim.Text} (`{record.Command}`): {claim.Reason(record.Result)}.\n");
                page.Append(CultureInfo.InvariantCulture, $"| {claim.Text} | `{record.Command}` | {claim.Figure(record.Result)} | {claim.Goal} | {(isMet ? "yes" : "**no**")} | {record.Date} | {record.Machine} |\n");
            }

            if (shown.Count == 0) page.Append(CultureInfo.InvariantCulture, $"| {claim.Text} | `{claim.Bench}` | not measured | {claim.Goal} | | | |\n");
        }

        if (misses.Count > 0) page.Append("\n## Why goals were missed\n\n").AppendJoin("", misses.Distinct());
        WriteCosts(page, records);
        foreach (var (name, title) in ProofPlots.Of(records)) page.Append(CultureInfo.InvariantCulture, $"\n![{title}](images/{name})\n");
        return page.ToString();
    }

    private static void WriteCosts(StringBuilder page, IReadOnlyList<ProofRecord> records)
    {
        if (records.LastOrDefault(record => record.Bench == "ticket-cost") is not { } record) return;
        page.Append("\n## What a ticket costs\n\n");
        page.Append(CultureInfo.InvariantCulture, $"`{record.Command}`, {record.Date}. On the embedded host, idle requests ({record.Result.GetProperty("idleRequestsPerSecond")} per second) taken off. The last column is for the engine alone: {record.Result.GetProperty("estimate").GetString()}\n\n");
        page.Append("| Scenario | Agent calls | Activities | Storage requests, all of the app | KiB | Requests to Jira | Azure Storage provider, engine alone, estimated requests |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var cost in record.Result.GetProperty("scenarios").EnumerateArray())
        {
            page.Append(CultureInfo.InvariantCulture, $"| {cost.GetProperty("scenario").GetString()} | {Number(cost, "agentCalls")} | {Number(cost, "activities")} | {Number(cost, "storageRequests")} | {cost.GetProperty("storageBytes").GetInt64() / 1024} | {Number(cost, "jiraRequests")} | {Number(cost, "estimatedAzureStorageProviderRequests")} |\n");
        }
    }

    private static long Number(JsonElement cost, string name) => cost.GetProperty(name).GetInt64();
}
