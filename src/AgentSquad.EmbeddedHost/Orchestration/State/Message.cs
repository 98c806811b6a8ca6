using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>An event on its way to an instance.</summary>
/// <param name="id">Unique in the hub, ascending.</param>
/// <param name="content">The event.</param>
internal sealed class Message(long id, HistoryEvent content)
{
    public long Id => id;

    public HistoryEvent Event => content;

    /// <summary>Whether the log has it on its own; else only the turn that takes it will bring it there.</summary>
    public bool IsLogged { get; set; }

    /// <summary>Completes when the log has it, in whichever record; null when nobody asks.</summary>
    public TaskCompletionSource? Committed { get; init; }
}
