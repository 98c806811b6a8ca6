using System.Globalization;
using System.Text.Json;

namespace AgentSquad.Bench.Proof;

/// <summary>A sentence of docs/proof.md and the figure that carries it.</summary>
/// <param name="Text">What is claimed.</param>
/// <param name="Bench">Command whose record has the figure.</param>
/// <param name="Figure">The figure as text.</param>
/// <param name="Goal">What was to be reached.</param>
/// <param name="IsMet">Whether it was.</param>
internal sealed record Claim(string Text, string Bench, Func<JsonElement, string> Figure, string Goal, Func<JsonElement, bool> IsMet)
{
    private const double ReferencePerSecond = 6.7;
    private const double ReferenceMedianMs = 65;
    private const double ReferenceRequests = 56;

    /// <summary>Which records count; all of the command unless something else is said.</summary>
    public Func<JsonElement, bool> Counts { get; init; } = _ => true;

    /// <summary>What the figures of a miss have in common; empty for claims that allow none.</summary>
    public string Miss { get; init; } = "";

    /// <summary>All claims, in the order of the page.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        new("`kill -9` at random, faults of Jira and storage: nothing is lost, nothing is written twice, every ticket ends as without them", "chaos",
            r => $"{N(r, "kills")} kills and {N(r, "faults")} faults over {N(r, "tickets")} tickets: {N(r, "lost")} lost, {N(r, "duplicatedEffects")} duplicated, {N(r, "wrongEnd")} ended wrongly",
            "0, 0, 0", r => D(r, "lost") + D(r, "duplicatedEffects") + D(r, "wrongEnd") == 0),
        new("No secret shows in a log, a trace, a ticket, a blob, a table or a queue of that run", "chaos", r => $"{N(r, "secretsFound")} found", "0", r => D(r, "secretsFound") == 0),
        new("Nothing without a right is let in, and hostile events break nothing", "fuzz",
            r => $"{N(r, "sent")} requests: {N(r, "accepted")} accepted, {N(r, "poisoned")} poisoned, {N(r, "serverErrors")} server errors, {N(r, "crashes")} crashes",
            "0, 0, 0, 0", r => D(r, "accepted") + D(r, "poisoned") + D(r, "serverErrors") + D(r, "crashes") == 0),
        new("A signed mutant acts on no ticket that it does not name", "fuzz", r => N(r, "actedOnUnnamed"), "0", r => D(r, "actedOnUnnamed") == 0),
        new("Memory stays flat under hostile input", "fuzz", r => $"{D(r, "memoryGrowthBytes") / (1 << 20):0.#} MiB more", "under 64 MiB", r => D(r, "memoryGrowthBytes") < 64 << 20)
        {
            Miss = "the runtime gives memory back late, above all while the machine is busy with other work",
        },
        new("Webhook accepted (202, durably queued), p99 at 200/s", "webhooks", r => $"{N(r, "p99Ms")} ms at {N(r, "rate")}/s, the bare endpoint {N(r, "bareP99Ms")} ms", "50 ms",
            r => D(r, "p99Ms") <= 50)
        {
            Counts = r => D(r, "outageSeconds") == 0,
            Miss = "endpoint, Azurite, the processing of what was accepted and the sender share the machine's cores; the bare endpoint's figure tells how much of it is theirs",
        },
        new("No accepted event is lost", "webhooks", r => $"{N(r, "lost")} lost", "0", r => D(r, "lost") == 0),
        new("At saturation the endpoint reaches half of the bare endpoint's throughput", "webhooks", r => N(r, "shareOfBareThroughput"), "0.5", r => D(r, "shareOfBareThroughput") >= 0.5)
        {
            Counts = r => D(r, "outageSeconds") == 0,
            Miss = "the app also processes what it accepts, on the same cores and the same Azurite; the bare endpoint does not",
        },
        new("Storage away in the middle of load: it catches up by itself, and the log tells it in few lines", "webhooks",
            r => $"{N(r, "outageSeconds")} s away: {N(r, "lost")} lost, {N(r, "refused")} refused with 503, caught up in {N(r, "catchUpSeconds")} s, {N(r, "outageLogLines")} lines of warnings and errors",
            "0 lost, under 50 lines", r => D(r, "lost") == 0 && D(r, "outageLogLines") < 50)
        {
            Counts = r => D(r, "outageSeconds") > 0,
        },
        new("Orchestrations of 5 activities, 1,000 at once", "engine",
            r => $"{N(r, "orchestrationsPerSecond")}/s, {D(r, "orchestrationsPerSecond") / ReferencePerSecond:0} x", "100 x the 6.7/s of the Azure Storage engine", r => D(r, "orchestrationsPerSecond") >= 100 * ReferencePerSecond),
        new("Median latency of one such orchestration, idle", "engine",
            r => $"{N(r, "idleMedianMs")} ms; one small append to this store takes {N(r, "smallAppendMedianMs")} ms, six come one after the other", "1/10 of that engine's 65 ms", r => D(r, "idleMedianMs") <= ReferenceMedianMs / 10)
        {
            Miss = "each step is durable before the next begins, so six appends come one after the other; faster than that only a faster store can be",
        },
        new("Storage requests per orchestration under load", "engine", r => N(r, "storageRequestsPerOrchestration"), "1/20 of that engine's 56", r => D(r, "storageRequestsPerOrchestration") <= ReferenceRequests / 20),
        new("Memory of a waiting orchestration", "engine", r => $"{N(r, "bytesPerWaitingInstance")} bytes", "8 KiB", r => D(r, "bytesPerWaitingInstance") <= 8192),
        new("Restart with 10,000 waiting orchestrations", "engine", r => $"{N(r, "restartSeconds")} s", "10 s", r => D(r, "restartSeconds") <= 10),
        new("Memory of a waiting ticket, as the whole app's working set", "waiting", r => $"{D(r, "bytesPerTicket") / 1024:0.0} KiB with {N(r, "tickets")} waiting", "8 KiB", r => D(r, "bytesPerTicket") <= 8192)
        {
            Miss = "a working set has in it what the start itself left behind and the collector has not given back; the fewer tickets, the more of it is counted for each",
        },
        new("Restart with waiting tickets", "waiting", r => $"{N(r, "restartSeconds")} s with {N(r, "tickets")} waiting", "10 s", r => D(r, "restartSeconds") <= 10)
        {
            Miss = "the machine was busy with other work",
        },
        new("Waiting tickets go on when they are answered", "waiting", r => $"{N(r, "resumed")} answered, all delivered in {N(r, "resumeSeconds")} s, {N(r, "lost")} lost", "0 lost", r => D(r, "lost") == 0),
        new("Nothing grows under steady load", "soak",
            r => $"{N(r, "minutes")} min: memory {Slope(r, "memoryBytes") / (1 << 20):+0.#;-0.#;0} MiB/h, handles {Slope(r, "handles"):+0;-0;0}/h, threads {Slope(r, "threads"):+0;-0;0}/h, latency {Slope(r, "latencyMs"):+0.#;-0.#;0} ms/h",
            "every ticket ends", r => D(r, "finished") == D(r, "tickets")),
    ];

    private static double D(JsonElement result, string name) => result.TryGetProperty(name, out var value) ? value.GetDouble() : double.NaN;

    private static double Slope(JsonElement result, string name) => D(result.GetProperty("slopesPerHour"), name);

    private static string N(JsonElement result, string name) => D(result, name).ToString("#,0.##", CultureInfo.InvariantCulture);
}
