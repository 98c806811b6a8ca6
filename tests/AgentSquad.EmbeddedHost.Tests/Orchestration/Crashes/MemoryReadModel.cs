using System.Collections.Concurrent;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Tests.TaskHub;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;

/// <summary>A table of instances that outlives the processes that write it; a write of a dead process does not arrive.</summary>
internal sealed class MemoryReadModel(ConcurrentDictionary<string, OrchestrationRuntimeStatus> rows, StorageFaults faults) : IInstanceReadModel
{
    public void Publish(InstanceSnapshot snapshot) => faults.Run("publish", snapshot.InstanceId, () => rows[snapshot.InstanceId] = snapshot.Status);

    public void Remove(string instanceId) => faults.Run("remove", instanceId, () => rows.TryRemove(instanceId, out _));

    public Task FlushAsync(CancellationToken cancellationToken) => faults.RunAsync("flush", "", () => Task.FromResult(true));
}
