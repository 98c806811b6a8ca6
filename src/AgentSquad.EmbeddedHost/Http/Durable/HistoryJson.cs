using System.Globalization;
using System.Text.Json.Nodes;
using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>
/// An instance's history as the official endpoints write it: the engine's own marks are left out, and a task that has ended is one event with
/// the time at which it was scheduled.
/// </summary>
internal static class HistoryJson
{
    /// <summary>The events in order.</summary>
    public static async Task<JsonArray> OfAsync(
        IReadOnlyList<HistoryEvent> events, Func<Payload, ValueTask<string?>> read, bool showInput, bool showOutput)
    {
        var scheduled = events.Where(one => IsSchedule(one.Kind)).ToDictionary(one => one.EventId);
        var ended = events.Where(one => EndOf(one.Kind) is not null).Select(one => one.TaskScheduledId).ToHashSet();
        var result = new JsonArray();
        foreach (var one in events)
        {
            if (one.Kind == HistoryEventKind.OrchestratorStarted || (IsSchedule(one.Kind) && ended.Contains(one.EventId))) continue;
            var json = new JsonObject { ["EventType"] = one.Kind.ToString(), ["Timestamp"] = Exact(one.Timestamp) };
            var cause = EndOf(one.Kind) is not null ? scheduled.GetValueOrDefault(one.TaskScheduledId) : null;
            if (cause is not null) json["ScheduledTime"] = Exact(cause.Timestamp);
            if ((cause?.Name ?? one.Name) is { } name) json[one.Kind is HistoryEventKind.EventRaised or HistoryEventKind.EventSent ? "Name" : "FunctionName"] = name;
            if ((cause?.FireAt ?? one.FireAt) is { } fireAt) json["FireAt"] = Exact(fireAt);
            if ((cause?.Target ?? one.Target) is { } target && one.Kind != HistoryEventKind.ExecutionStarted) json["InstanceId"] = target;
            if (one.Kind == HistoryEventKind.ExecutionCompleted) json["OrchestrationStatus"] = one.Status.ToString();
            if (one.Failure is { } failure) AddFailure(json, failure, showOutput);
            await AddPayloadAsync(json, one, cause, read, showInput, showOutput);
            result.Add((JsonNode)json);
        }

        return result;
    }

    private static async Task AddPayloadAsync(
        JsonObject json, HistoryEvent one, HistoryEvent? cause, Func<Payload, ValueTask<string?>> read, bool showInput, bool showOutput)
    {
        switch (one.Kind)
        {
            case HistoryEventKind.ExecutionStarted or HistoryEventKind.TaskScheduled or HistoryEventKind.SubOrchestrationInstanceCreated when showInput:
            case HistoryEventKind.EventRaised or HistoryEventKind.EventSent when showInput:
                json["Input"] = ManagementJson.Payload(await read(one.Data));
                break;
            case HistoryEventKind.ExecutionTerminated or HistoryEventKind.ExecutionSuspended or HistoryEventKind.ExecutionResumed or HistoryEventKind.GenericEvent:
                json["Reason"] = ManagementJson.Payload(await read(one.Data));
                break;
            case HistoryEventKind.TaskCompleted or HistoryEventKind.SubOrchestrationInstanceCompleted or HistoryEventKind.ExecutionCompleted:
                if (showInput && cause is not null) json["Input"] = ManagementJson.Payload(await read(cause.Data));
                if (showOutput) json["Result"] = ManagementJson.Payload(await read(one.Data));
                break;
            default:
                break;
        }
    }

    private static void AddFailure(JsonObject json, TaskFailureDetails failure, bool showDetails)
    {
        json["Reason"] = failure.ErrorMessage;
        if (showDetails) json["Details"] = $"{failure.ErrorType}: {failure.ErrorMessage}\n{failure.StackTrace}";
    }

    private static bool IsSchedule(HistoryEventKind kind)
        => kind is HistoryEventKind.TaskScheduled or HistoryEventKind.SubOrchestrationInstanceCreated or HistoryEventKind.TimerCreated;

    private static HistoryEventKind? EndOf(HistoryEventKind kind) => kind switch
    {
        HistoryEventKind.TaskCompleted or HistoryEventKind.TaskFailed => HistoryEventKind.TaskScheduled,
        HistoryEventKind.SubOrchestrationInstanceCompleted or HistoryEventKind.SubOrchestrationInstanceFailed => HistoryEventKind.SubOrchestrationInstanceCreated,
        HistoryEventKind.TimerFired => HistoryEventKind.TimerCreated,
        _ => null,
    };

    private static string Exact(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);
}
