using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.Hub;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>A turn in progress: the messages that it takes and what they become.</summary>
internal sealed class Turn
{
    /// <summary>Messages that leave the inbox with this turn, those that mean nothing any more included.</summary>
    public List<Message> Taken { get; } = [];

    /// <summary>Events for the history, in order.</summary>
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>Whether any of them is for the orchestrator's code.</summary>
    public bool RunsCode { get; set; }

    /// <summary>The threads of which one runs it.</summary>
    public UserCodeScheduler? Threads { get; set; }

    /// <summary>Whether it took too long and another thread replaces its own.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>UTC.</summary>
    public DateTime Time { get; set; }

    /// <summary>Timestamp of the time provider.</summary>
    public long StartedAt { get; init; }
}
