using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>What one turn of an orchestrator decided.</summary>
internal sealed class TurnOutcome
{
    /// <summary>Scheduled tasks, timers, sub-orchestrations and sent events, in the order of the calls.</summary>
    public required IReadOnlyList<HistoryEvent> Actions { get; init; }

    /// <summary>Timers that the turn cancelled.</summary>
    public required IReadOnlyList<int> CancelledTimers { get; init; }

    /// <summary>The new custom status, if the turn set one.</summary>
    public string? CustomStatus { get; init; }

    public bool CustomStatusSet { get; init; }

    /// <summary>How the execution ended; null while it goes on.</summary>
    public Ending? Ending { get; init; }
}

/// <summary>How an execution ended.</summary>
internal abstract record Ending;

internal sealed record CompletedEnding(string? Output) : Ending;

internal sealed record FailedEnding(TaskFailureDetails Failure) : Ending;

internal sealed record ContinuedEnding(string? Input, string? Version, IReadOnlyList<HistoryEvent> UnprocessedEvents) : Ending;
