using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>History events as rows of the table <c>{Hub}History</c>.</summary>
internal static class HistoryRows
{
    /// <summary>The rows, in order. A payload that is a blob is given by the blob's name, in the column that the provider has for that.</summary>
    public static IReadOnlyList<HistoryRow> Of(IReadOnlyList<HistoryEvent> history) => [.. history.Select(Row)];

    private static HistoryRow Row(HistoryEvent item)
    {
        var isTimer = item.Kind == HistoryEventKind.TimerFired;
        return new HistoryRow
        {
            EventType = item.Kind.ToString(),
            Time = new DateTimeOffset(item.Timestamp, TimeSpan.Zero),
            EventId = item.EventId,
            TaskScheduledId = isTimer || item.TaskScheduledId == HistoryEvent.NoId ? null : item.TaskScheduledId,
            TimerId = isTimer ? item.TaskScheduledId : null,
            FireAt = item.FireAt is { } fireAt ? new DateTimeOffset(fireAt, TimeSpan.Zero) : null,
            Texts = Texts(item),
        };
    }

    private static Dictionary<string, string> Texts(HistoryEvent item)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (item.Name is { } name) texts["Name"] = name;
        if (item.Version is { } version) texts["Version"] = version;
        if (item.Target is { } target && item.Kind is HistoryEventKind.SubOrchestrationInstanceCreated or HistoryEventKind.EventSent) texts["InstanceId"] = target;
        if (item.Kind == HistoryEventKind.ExecutionCompleted) texts["OrchestrationStatus"] = item.Status.ToString();
        if (item.Data.Value is { } data) texts[item.Data.IsBlob ? $"{Column(item.Kind)}BlobName" : Column(item.Kind)] = data;
        if (item.Failure is { } failure) AddFailure(texts, item.Kind, failure);
        return texts;
    }

    private static void AddFailure(Dictionary<string, string> texts, HistoryEventKind kind, TaskFailureDetails failure)
    {
        // An execution's failure is its result, a task's is its reason.
        if (kind == HistoryEventKind.ExecutionCompleted) texts["Result"] = failure.ErrorMessage;
        else texts["Reason"] = failure.ErrorMessage;
        texts["Details"] = $"{failure.ErrorType}: {failure.ErrorMessage}\n{failure.StackTrace}";
    }

    private static string Column(HistoryEventKind kind) => kind switch
    {
        HistoryEventKind.TaskCompleted or HistoryEventKind.SubOrchestrationInstanceCompleted or HistoryEventKind.ExecutionCompleted => "Result",
        HistoryEventKind.ExecutionSuspended or HistoryEventKind.ExecutionResumed => "Reason",
        HistoryEventKind.GenericEvent => "Data",
        _ => "Input",
    };
}
