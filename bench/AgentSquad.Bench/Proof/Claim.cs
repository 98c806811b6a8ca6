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
    private const int Many = 1000;
    private const int Rate = 200;
    private const int Waiting = 10_000;

    // Seconds until both processes have compiled what they run.
    private const int WarmUp = 10;

    private static readonly string[] Growing = ["memoryBytes", "handles", "threads"];

    /// <summary>Which records count; all of the command unless something else is said.</summary>
    public Func<JsonElement, bool> Counts { get; init; } = _ => true;

    /// <summary>What a miss came from, told with figures of the same record; the figure itself unless something else is said.</summary>
    public Func<JsonElement, string> Reason { get; init; } = Figure;

    /// <summary>All claims, in the order of the page.</summary>
    /// <param name="records">What some are compared with.</param>
    public static IReadOnlyList<Claim> Of(IReadOnlyList<ProofRecord> records) =>
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
            Reason = r => $"{D(r, "memoryGrowthBytes") / D(r, "sent"):#,0} bytes for each of {N(r, "sent")} requests, {N(r, "signedAccepted")} of which were accepted and {N(r, "runsStartedByMutants")} started a run",
        },
        new("Webhook accepted (202, durably queued), p99 at 200/s, warm", "webhooks", r => $"{N(r, "p99Ms")} ms at {N(r, "rate")}/s, the bare endpoint {N(r, "bareP99Ms")} ms", "50 ms",
            r => D(r, "p99Ms") <= 50)
        {
            Counts = r => IsAtTheRate(r) && D(r, "warmUpSeconds") >= WarmUp,
            Reason = r => $"the median is {N(r, "p50Ms")} ms, the 95th percentile {N(r, "p95Ms")} ms; of an endpoint that does nothing but check the signature and enqueue, p99 was {N(r, "bareP99Ms")} ms in the same run",
        },
        new("No accepted event is lost", "webhooks", r => $"{N(r, "lost")} lost", "0", r => D(r, "lost") == 0),
        new("At saturation the endpoint reaches half of the bare endpoint's throughput", "webhooks", r => N(r, "shareOfBareThroughput"), "0.5", r => D(r, "shareOfBareThroughput") >= 0.5)
        {
            Counts = IsAtTheRate,
            Reason = r => $"{N(r, "saturatedPerSecond")}/s against {N(r, "bareSaturatedPerSecond")}/s of an endpoint that leaves what it accepts in the queue, while the app processes it on the same cores and the same Azurite",
        },
        new("Storage away in the middle of load: it catches up by itself, and the log tells it in few lines", "webhooks",
            r => $"{N(r, "outageSeconds")} s away: {N(r, "lost")} lost, {N(r, "refused")} refused with 503, caught up in {N(r, "catchUpSeconds")} s, {N(r, "outageLogLines")} lines of warnings and errors",
            "0 lost, under 50 lines", r => D(r, "lost") == 0 && D(r, "outageLogLines") < 50)
        {
            Counts = r => D(r, "outageSeconds") > 0,
        },
        new("Orchestrations of 5 activities, 1,000 at once", "engine",
            r => $"{N(r, "orchestrationsPerSecond")}/s, {D(r, "orchestrationsPerSecond") / ReferencePerSecond:0} x", "100 x the 6.7/s of the Azure Storage engine", r => D(r, "orchestrationsPerSecond") >= 100 * ReferencePerSecond)
        {
            Counts = r => AtOnce(r) == Many,
            Reason = r => $"each took {N(r, "processorMsPerOrchestration")} ms of processor time, Azurite's not counted; the store took {N(r, "appendsPerSecond")} appends of 64 KiB per second",
        },
        new("The same with 10,000 at once", "engine", r => $"{N(r, "orchestrationsPerSecond")}/s with {AtOnce(r):#,0} at once", "no slower than with 1,000",
            r => D(r, "orchestrationsPerSecond") >= Slowest(records, Many))
        {
            Counts = r => AtOnce(r) > Many,
            Reason = r => $"{N(r, "orchestrationsPerSecond")}/s against {Slowest(records, Many):#,0}/s with 1,000, which is {D(r, "orchestrationsPerSecond") / Slowest(records, Many):P0} of it; each took {N(r, "processorMsPerOrchestration")} ms of processor time",
        },
        new("Median latency of one such orchestration, idle", "engine",
            r => $"{N(r, "idleMedianMs")} ms; one small append to this store takes {N(r, "smallAppendMedianMs")} ms, {N(r, "idleAppendsPerOrchestration")} come one after the other", "1/10 of that engine's 65 ms", r => D(r, "idleMedianMs") <= ReferenceMedianMs / 10)
        {
            Counts = r => AtOnce(r) == Many,
            Reason = r => $"each step is durable before the next begins: {N(r, "idleAppendsPerOrchestration")} appends one after the other of {N(r, "smallAppendMedianMs")} ms each are {D(r, "idleAppendsPerOrchestration") * D(r, "smallAppendMedianMs"):0.##} ms in this store; the rest, {D(r, "idleMedianMs") - (D(r, "idleAppendsPerOrchestration") * D(r, "smallAppendMedianMs")):0.##} ms, is the engine's",
        },
        new("Storage requests per orchestration under load", "engine", r => N(r, "storageRequestsPerOrchestration"), "1/20 of that engine's 56", r => D(r, "storageRequestsPerOrchestration") <= ReferenceRequests / 20)
        {
            Counts = r => AtOnce(r) == Many,
        },
        new("Memory of a waiting orchestration", "engine", r => $"{N(r, "bytesPerWaitingInstance")} bytes", "8 KiB", r => D(r, "bytesPerWaitingInstance") <= 8192)
        {
            Counts = r => AtOnce(r) == Many,
        },
        new("Restart with 10,000 waiting orchestrations", "engine", r => $"{N(r, "restartSeconds")} s", "10 s", r => D(r, "restartSeconds") <= 10)
        {
            Counts = r => AtOnce(r) == Many,
        },
        new("Memory of a waiting ticket, as the whole app's working set", "waiting", r => $"{D(r, "bytesPerTicket") / 1024:0.0} KiB with {N(r, "tickets")} waiting", "8 KiB", r => D(r, "bytesPerTicket") <= 8192)
        {
            Counts = AreThatManyWaiting,
            Reason = r => $"{D(r, "waitingBytes") / (1 << 20):0} MiB some minutes after a start with {N(r, "tickets")} waiting, {D(r, "emptyBytes") / (1 << 20):0} MiB some minutes after one with none; a working set has in it what the start left behind, too",
        },
        new("Restart with waiting tickets", "waiting", r => $"{N(r, "restartSeconds")} s with {N(r, "tickets")} waiting", "10 s", r => D(r, "restartSeconds") <= 10)
        {
            Counts = AreThatManyWaiting,
            Reason = r => $"{D(r, "restartSeconds") * 1000 / D(r, "tickets"):0.##} ms for each of {N(r, "tickets")}",
        },
        new("Waiting tickets go on when they are answered", "waiting", r => $"{N(r, "resumed")} answered, all delivered in {N(r, "resumeSeconds")} s, {N(r, "lost")} lost", "0 lost", r => D(r, "lost") == 0)
        {
            Counts = AreThatManyWaiting,
        },
        new("Nothing grows under steady load", "soak",
            r => $"{N(r, "minutes")} min: memory {Slope(r, "memoryBytes") / (1 << 20):+0.#;-0.#;0} MiB/h, handles {Slope(r, "handles"):+0;-0;0}/h, threads {Slope(r, "threads"):+0;-0;0}/h, latency {Slope(r, "latencyMs"):+0.#;-0.#;0} ms/h",
            "every ticket ends; memory, handles and threads end at most a quarter above their start",
            r => D(r, "finished") == D(r, "tickets") && Growing.All(name => Growth(r, name) <= 1.25))
        {
            Reason = r => $"{N(r, "finished")} of {N(r, "tickets")} tickets ended; from the first fifth to the end {string.Join(", ", Growing.Select(name => $"{name.Replace("Bytes", "", StringComparison.Ordinal)} x {Growth(r, name):0.##}"))}",
        },
    ];

    // Records at other rates and with fewer tickets are there for the curves.
    private static bool IsAtTheRate(JsonElement result) => D(result, "outageSeconds") == 0 && D(result, "rate") == Rate;

    private static bool AreThatManyWaiting(JsonElement result) => D(result, "tickets") >= Waiting;

    private static double AtOnce(JsonElement result) => D(result.GetProperty("settings"), "orchestrations");

    private static double Slowest(IEnumerable<ProofRecord> records, int atOnce) =>
        records.Where(record => record.Bench == "engine" && AtOnce(record.Result) == atOnce).Select(record => D(record.Result, "orchestrationsPerSecond")).DefaultIfEmpty().Min();

    private static double Growth(JsonElement result, string name) => D(result.GetProperty("end"), name) / D(result.GetProperty("start"), name);

    private static double D(JsonElement result, string name) => result.TryGetProperty(name, out var value) ? value.GetDouble() : double.NaN;

    private static double Slope(JsonElement result, string name) => D(result.GetProperty("slopesPerHour"), name);

    private static string N(JsonElement result, string name) => D(result, name).ToString("#,0.##", CultureInfo.InvariantCulture);
}
