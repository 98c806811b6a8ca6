using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.Agents;

/// <summary>Names and instruments of the agents' telemetry.</summary>
public static class AgentTelemetry
{
    /// <summary>Source of the traces and metrics of model calls, by the conventions <c>gen_ai.*</c>.</summary>
    public const string ModelSource = "AgentSquad.Models";

    /// <summary>Source of the squad's own traces and metrics.</summary>
    public const string SquadSource = "AgentSquad";

    private const int RunIdLength = 12;

    /// <summary>
    /// Starts a span in the trace of a run. The trace's id comes from the id of the delivery that began the run, so that everything from the
    /// webhook to the call of a model is one trace, whichever process does it and whatever the queue and the durable history carry.
    /// </summary>
    /// <param name="name">Name of the span.</param>
    /// <param name="runId">Id of the delivery that began the run, or its beginning as it stands in the keys of the run's steps.</param>
    /// <param name="kind">Kind of the span.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? StartForRun(string name, string runId, ActivityKind kind = ActivityKind.Internal)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(runId[..Math.Min(RunIdLength, runId.Length)]));
        var trace = ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16));
        return Activity.Current?.TraceId == trace
            ? Traces.StartActivity(name, kind)
            : Traces.StartActivity(name, kind, new ActivityContext(trace, ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)), ActivityTraceFlags.Recorded, isRemote: true));
    }

    /// <summary>The squad's traces.</summary>
    internal static ActivitySource Traces { get; } = new(SquadSource);

    /// <summary>The squad's metrics.</summary>
    public static Meter Metrics { get; } = new(SquadSource);

    /// <summary>Money that calls of models have cost, by model and role.</summary>
    internal static Counter<double> Cost { get; } = Metrics.CreateCounter<double>("agentsquad.model.cost", "{currency}", "Money spent on calls of models.");

    /// <summary>Tokens of calls of models, by model, role and direction.</summary>
    internal static Counter<long> Tokens { get; } = Metrics.CreateCounter<long>("agentsquad.model.tokens", "{token}", "Tokens of calls of models.");

    /// <summary>Tries of calls that brought no answer, by model.</summary>
    internal static Counter<long> Failures { get; } = Metrics.CreateCounter<long>("agentsquad.model.failures", "{call}", "Calls of models that brought no answer.");

    /// <summary>Questions that were sent again within a step, by model.</summary>
    internal static Counter<long> Retries { get; } = Metrics.CreateCounter<long>("agentsquad.model.retries", "{call}", "Questions that were sent to a model again.");

    /// <summary>Calls of tools, by server, tool and outcome.</summary>
    internal static Counter<long> ToolCalls { get; } = Metrics.CreateCounter<long>("agentsquad.tool.calls", "{call}", "Calls of tools.");

    /// <summary>Answers that did not fit and had to be given again, by role.</summary>
    internal static Counter<long> Repairs { get; } = Metrics.CreateCounter<long>("agentsquad.model.repairs", "{answer}", "Answers that had to be given again.");
}
