using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Models;

/// <summary>The chat clients of the configured provider, one per model.</summary>
internal interface IModelClients
{
    /// <summary>The client of a model; shared, not to be disposed of.</summary>
    IChatClient For(string model);
}
