using System.Diagnostics.Metrics;
using AgentSquad.Agents;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Run;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Telemetry;

/// <summary>What is measured of runs.</summary>
internal static class RunTelemetry
{
    private static readonly Counter<long> Runs = AgentTelemetry.Metrics.CreateCounter<long>(
        "agentsquad.runs", "{run}", "Runs that ended, by the stage in which they did and by result.");

    private static readonly Histogram<double> Durations = AgentTelemetry.Metrics.CreateHistogram<double>(
        "agentsquad.run.duration", "s", "Time from the event that began a run to its end.");

    private static readonly Gauge<int> Open = AgentTelemetry.Metrics.CreateGauge<int>(
        "agentsquad.runs.open", "{run}", "Runs that have not ended, by the stage in which they are: in Clarify and Approve they wait for people.");

    private static readonly Histogram<double> Waits = AgentTelemetry.Metrics.CreateHistogram<double>(
        "agentsquad.run.waiting", "s", "Time that a run waited for people's answer or decision, by stage.");

    private static readonly Counter<long> Retries = AgentTelemetry.Metrics.CreateCounter<long>(
        "agentsquad.step.retries", "{retry}", "Steps that runs took again, by the kind of failure before.");

    /// <summary>A run ended.</summary>
    public static void Ended(TicketRunState run, DateTimeOffset now)
    {
        KeyValuePair<string, object?> result = new("agentsquad.result", StageNames.Of(run.Stage));
        var stage = run.Stage is RunStage.Failed or RunStage.Stopped ? run.EndedIn : run.Stage;
        Runs.Add(1, result, new("agentsquad.stage", StageNames.Of(stage)));
        Durations.Record(Math.Max(0, (now - run.Since).TotalSeconds), result);
    }

    /// <summary>How many runs are open, by stage. Stages without a run count as well, so that no old figure stays.</summary>
    public static void CountOpen(IEnumerable<string> stages)
    {
        var open = stages.CountBy(stage => stage, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var stage in Enum.GetValues<RunStage>().Where(stage => !StageFlow.IsEnd(stage)).Select(StageNames.Of))
        {
            Open.Record(open.GetValueOrDefault(stage), new KeyValuePair<string, object?>("agentsquad.stage", stage));
        }
    }

    /// <summary>A wait for people is over, answered or not. For orchestrators: what they only replay is not measured again.</summary>
    public static void Waited(TaskOrchestrationContext context, RunStage stage, DateTimeOffset asked)
    {
        if (context.IsReplaying) return;
        var waited = Math.Max(0, (context.CurrentUtcDateTime - asked.UtcDateTime).TotalSeconds);
        Waits.Record(waited, new KeyValuePair<string, object?>("agentsquad.stage", StageNames.Of(stage)));
    }

    /// <summary>A step is taken again. For orchestrators: what they only replay is not measured again.</summary>
    public static void Retried(TaskOrchestrationContext context, StepFailure failure)
    {
        if (!context.IsReplaying) Retries.Add(1, new KeyValuePair<string, object?>("agentsquad.failure", failure.ToString()));
    }
}
