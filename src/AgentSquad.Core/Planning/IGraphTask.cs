using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Planning;

/// <summary>What <see cref="TaskGraph"/> has to know of a task, whoever keeps it.</summary>
public interface IGraphTask
{
    /// <summary>Id within the plan.</summary>
    string Id { get; }

    /// <summary>Who does it.</summary>
    SquadRole Role { get; }

    /// <summary>Ids of the tasks that must be done first.</summary>
    IReadOnlyList<string> DependsOn { get; }
}
