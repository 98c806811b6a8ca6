using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Feeds the table <c>{Hub}Instances</c>. Payloads that are blobs appear there as the name of their blob.</summary>
/// <param name="table">Writes the table; disposed with this.</param>
internal sealed class InstancesTableReadModel(InstancesTableWriter table) : IInstanceReadModel, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private int _disposed;

    public void Publish(InstanceSnapshot snapshot) => Wait(table.PostAsync(RowOf(snapshot), _stopping.Token));

    public void Remove(string instanceId) => Wait(table.PostDeleteAsync(instanceId, _stopping.Token));

    public Task FlushAsync(CancellationToken cancellationToken) => table.FlushAsync(cancellationToken);

    /// <summary>Fills the table with every instance if it was not there, for example because somebody deleted it.</summary>
    public async Task FillIfNewAsync(TaskHubEngine engine)
    {
        if (!await table.CreateTableAsync(_stopping.Token).ConfigureAwait(false)) return;
        await table.RebuildAsync(
            StampsAsync(engine, _stopping.Token),
            async (stamp, token) => await engine.GetSnapshotAsync(stamp.InstanceId, token).ConfigureAwait(false) is { } snapshot ? RowOf(snapshot) : null,
            _stopping.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await table.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static async IAsyncEnumerable<InstanceStamp> StampsAsync(
        TaskHubEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int PageSize = 1000;
        List<InstanceSnapshot> page;
        string? after = null;
        do
        {
            page = await engine.ListAsync(after, PageSize, _ => true, cancellationToken).ConfigureAwait(false);
            foreach (var item in page) yield return new InstanceStamp(item.InstanceId, item.ExecutionId, item.Status.ToString(), item.LastUpdatedAt);
            if (page.Count > 0) after = page[^1].InstanceId;
        }
        while (page.Count == PageSize);
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
