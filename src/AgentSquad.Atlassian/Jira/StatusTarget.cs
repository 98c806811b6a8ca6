using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Where a ticket should go. The first of the given ways that leads anywhere is taken: override, name, category.</summary>
/// <param name="Name">Name of the status; null when only the category matters.</param>
public sealed record StatusTarget(string? Name)
{
    /// <summary>Id or name of the transition to use, for workflows in which several lead to the same status.</summary>
    public string? Transition { get; init; }

    /// <summary>Category to fall back on when no open transition leads to the name; null falls back on nothing.</summary>
    public StatusCategory? Category { get; init; }
}
