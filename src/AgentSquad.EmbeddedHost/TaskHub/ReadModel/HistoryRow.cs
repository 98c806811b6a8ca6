namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>An event of an instance's history as the table <c>{Hub}History</c> shows it; null members have no column.</summary>
internal sealed record HistoryRow
{
    /// <summary>Name of an event of the Durable Task Framework.</summary>
    public required string EventType { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Number of the task that it begins; -1 for none.</summary>
    public int EventId { get; init; } = -1;

    /// <summary>Number of the task that it ends.</summary>
    public int? TaskScheduledId { get; init; }

    /// <summary>Number of the timer that it fires.</summary>
    public int? TimerId { get; init; }

    /// <summary>When the timer fires.</summary>
    public DateTimeOffset? FireAt { get; init; }

    /// <summary>Text columns by name: <c>Name</c>, <c>Version</c>, <c>Input</c>, <c>Result</c>, <c>Reason</c>, <c>Details</c>, ...</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>();
}
