using System.Diagnostics.Metrics;
using AgentSquad.Agents;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Telemetry;

/// <summary>What is measured of runs.</summary>
internal static class RunTelemetry
{
    private static readonly Counter<long> Runs = AgentTelemetry.Metrics.CreateCounter<long>(
        "agentsquad.runs", "{run}", "Runs that ended, by the stage in which they did and by result.");

    private static readonly Histogram<double> Durations = AgentTelemetry.Metrics.CreateHistogram<double>(
        "agentsquad.run.duration", "s", "Time from the event that began a run to its end.");

    private static readonly Gauge<int> Open = AgentTelemetry.Metrics.CreateGauge<int>(
        "agentsquad.runs.open", "{run}", "Runs that have not ended, those that wait for people among them.");

    /// <summary>A run ended.</summary>
    public static void Ended(TicketRunState run, DateTimeOffset now)
    {
        KeyValuePair<string, object?> result = new("agentsquad.result", StageNames.Of(run.Stage));
        var stage = run.Stage is RunStage.Failed or RunStage.Stopped ? run.EndedIn : run.Stage;
        Runs.Add(1, result, new("agentsquad.stage", StageNames.Of(stage)));
        Durations.Record(Math.Max(0, (now - run.Since).TotalSeconds), result);
    }

    /// <summary>How many runs are open.</summary>
    public static void CountOpen(int open) => Open.Record(open);
}
