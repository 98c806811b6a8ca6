using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>One change of the hub's state. A log record is a list of them that happens as a whole.</summary>
internal abstract record Change;

/// <summary>A new instance, in place of a finished one of the same id.</summary>
internal sealed record StartChange(Instance Instance, long MessageId) : Change;

/// <summary>An event waits for an instance.</summary>
internal sealed record EnqueueChange(string InstanceId, long MessageId, HistoryEvent Event) : Change;

/// <summary>A turn of an instance.</summary>
internal sealed record TurnChange : Change
{
    public required string InstanceId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>Waiting events that the turn took; they are in <see cref="Events"/> too.</summary>
    public required IReadOnlyList<long> Consumed { get; init; }

    /// <summary>What the turn adds to the history.</summary>
    public required IReadOnlyList<HistoryEvent> Events { get; init; }

    /// <summary><see cref="Events"/> in their stored form.</summary>
    public required ReadOnlyMemory<byte> StoredEvents { get; init; }

    public IReadOnlyList<int> CancelledTimers { get; init; } = [];

    public bool CustomStatusSet { get; init; }

    public Payload CustomStatus { get; init; }

    /// <summary>For ContinueAsNew: the events that the next execution finds waiting, the start first.</summary>
    public IReadOnlyList<(long MessageId, HistoryEvent Event)> Carried { get; init; } = [];
}

/// <summary>Finished instances are kept in an archive blob from now on.</summary>
internal sealed record ArchiveChange(string Blob, IReadOnlyList<(string InstanceId, string ExecutionId, int Offset, int Length)> Entries) : Change;

/// <summary>A failed instance is taken back to before its failure.</summary>
/// <param name="Instance">What takes its place, with all that is stored of it.</param>
internal sealed record RewindChange(Instance Instance) : Change;

/// <summary>An instance is deleted.</summary>
internal sealed record PurgeChange(string InstanceId) : Change;
