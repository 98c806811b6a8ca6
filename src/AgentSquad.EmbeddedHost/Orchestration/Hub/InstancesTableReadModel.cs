using System.Text.Json;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Feeds the table <c>{Hub}Instances</c>. Payloads that are blobs appear there as the name of their blob.</summary>
/// <param name="table">Writes the table; disposed with this.</param>
internal sealed class InstancesTableReadModel(InstancesTableWriter table) : IInstanceReadModel, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public void Publish(InstanceSnapshot snapshot) => Wait(table.PostAsync(RowOf(snapshot), _stopping.Token));

    public void Remove(string instanceId) => Wait(table.PostDeleteAsync(instanceId, _stopping.Token));

    public Task FlushAsync(CancellationToken cancellationToken) => table.FlushAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await table.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

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
        Input = snapshot.Input.Value,
        Output = snapshot.Failure?.ToString() ?? snapshot.Output.Value,
        CustomStatus = snapshot.CustomStatus.Value,
        CreatedTime = snapshot.CreatedAt,
        LastUpdatedTime = snapshot.LastUpdatedAt,
        CompletedTime = snapshot.CompletedAt is { } completedAt ? completedAt : null,
        ScheduledStartTime = snapshot.StartAt is { } startAt ? startAt : null,
        Tags = snapshot.Tags is null ? null : JsonSerializer.Serialize(snapshot.Tags),
    };
}
