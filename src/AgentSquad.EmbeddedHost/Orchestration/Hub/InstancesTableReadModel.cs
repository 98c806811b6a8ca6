using System.Text.Json;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Feeds the table <c>{Hub}Instances</c>. Payloads that are blobs appear there as the name of their blob.</summary>
internal sealed class InstancesTableReadModel(InstancesTableWriter table, CancellationToken stopping) : IInstanceReadModel
{
    public void Publish(InstanceSnapshot snapshot) => Wait(table.PostAsync(RowOf(snapshot), stopping));

    public void Remove(string instanceId) => Wait(table.PostDeleteAsync(instanceId, stopping));

    public Task FlushAsync(CancellationToken cancellationToken) => table.FlushAsync(cancellationToken);

    // The commit thread waits only when the table is too far behind: that is what bounds the lag.
    private static void Wait(ValueTask posted)
    {
        if (posted.IsCompletedSuccessfully) return;
        try
        {
            posted.AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The engine stops; the log's tail tells the table what it lacks.
        }
    }

    private static InstanceRow RowOf(InstanceSnapshot snapshot) => new()
    {
        InstanceId = snapshot.InstanceId,
        ExecutionId = snapshot.ExecutionId,
        Name = snapshot.Name,
        Version = snapshot.Version,
        RuntimeStatus = snapshot.Status.ToString(),
        Input = TextOf(snapshot.Input),
        Output = snapshot.Failure?.ToString() ?? TextOf(snapshot.Output),
        CustomStatus = TextOf(snapshot.CustomStatus),
        CreatedTime = snapshot.CreatedAt,
        LastUpdatedTime = snapshot.LastUpdatedAt,
        CompletedTime = snapshot.CompletedAt is { } completedAt ? completedAt : null,
        ScheduledStartTime = snapshot.StartAt is { } startAt ? startAt : null,
        Tags = snapshot.Tags is null ? null : JsonSerializer.Serialize(snapshot.Tags),
    };

    private static string? TextOf(Payload payload) => payload.Value;
}
