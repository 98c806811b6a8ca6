using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Tools;

/// <summary>Opens the tools of a role for one step.</summary>
internal interface IToolboxes
{
    /// <summary>Opens them. A server that cannot be reached takes its tools with it; the step goes on without.</summary>
    Task<IToolbox> OpenAsync(RoleSettings role, AgentStep step, DataFence fence, CancellationToken cancellationToken);
}

/// <summary>The tools of one step. Disposing closes every connection and ends every process.</summary>
internal interface IToolbox : IAsyncDisposable
{
    /// <summary>The tools.</summary>
    IReadOnlyList<AIFunction> Tools { get; }
}
