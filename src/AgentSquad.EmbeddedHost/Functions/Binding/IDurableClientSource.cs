using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>Gives functions the client of the task hub.</summary>
internal interface IDurableClientSource
{
    /// <summary>The client; its calls fail while this process does not own the hub. Throws for another hub than the host's.</summary>
    DurableTaskClient ClientFor(string? taskHub);
}
