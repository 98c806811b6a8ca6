using System.Text.Json;
using ScottPlot;

namespace AgentSquad.Bench.Proof;

/// <summary>The pictures of docs/proof.md, where a curve says more than a number: each once there are at least two points for it.</summary>
internal static class ProofPlots
{
    private const int Width = 800;
    private const int Height = 400;
    private const int FewestPoints = 2;

    private const string Latency = "proof-latency.png";
    private const string Memory = "proof-memory.png";

    /// <summary>File names and titles of the pictures that these records make.</summary>
    public static IEnumerable<(string Name, string Title)> Of(IReadOnlyList<ProofRecord> records)
    {
        if (Loads(records).Count >= FewestPoints) yield return (Latency, "Latency of accepted webhooks by load");
        if (Waits(records).Count >= FewestPoints) yield return (Memory, "Working set by waiting tickets");
    }

    /// <summary>Draws them.</summary>
    public static void Save(IReadOnlyList<ProofRecord> records, string folder)
    {
        foreach (var (name, title) in Of(records))
        {
            Directory.CreateDirectory(folder);
            using var plot = new Plot();
            plot.Title(title);
            if (name == Latency) DrawLatency(plot, Loads(records));
            else DrawMemory(plot, Waits(records));
            plot.SavePng(Path.Combine(folder, name), Width, Height);
        }
    }

    private static void DrawLatency(Plot plot, List<JsonElement> loads)
    {
        var rates = loads.Select(load => D(load, "rate")).ToArray();
        foreach (var (property, text) in new[] { ("p50Ms", "p50"), ("p95Ms", "p95"), ("p99Ms", "p99"), ("bareP99Ms", "p99 of the bare endpoint") })
        {
            plot.Add.Scatter(rates, loads.Select(load => D(load, property)).ToArray()).LegendText = text;
        }

        plot.XLabel("webhooks per second");
        plot.YLabel("milliseconds until 202");
        plot.ShowLegend(Alignment.UpperLeft);
        plot.Axes.SetLimitsY(0, loads.Max(load => Math.Max(D(load, "p99Ms"), D(load, "bareP99Ms"))) * 1.1);
    }

    private static void DrawMemory(Plot plot, List<JsonElement> waits)
    {
        double[] tickets = [0, .. waits.Select(wait => D(wait, "tickets"))];
        double[] mebibytes = [D(waits[0], "emptyBytes") / (1 << 20), .. waits.Select(wait => D(wait, "waitingBytes") / (1 << 20))];
        plot.Add.Scatter(tickets, mebibytes);
        plot.XLabel("waiting tickets");
        plot.YLabel("MiB");
        plot.Axes.SetLimitsY(0, mebibytes.Max() * 1.2);
    }

    private static List<JsonElement> Loads(IReadOnlyList<ProofRecord> records) =>
        [.. records.Where(record => record.Bench == "webhooks").Select(record => record.Result).Where(result => D(result, "outageSeconds") == 0).OrderBy(result => D(result, "rate"))];

    private static List<JsonElement> Waits(IReadOnlyList<ProofRecord> records) =>
        [.. records.Where(record => record.Bench == "waiting").Select(record => record.Result).OrderBy(result => D(result, "tickets"))];

    private static double D(JsonElement result, string name) => result.GetProperty(name).GetDouble();
}
