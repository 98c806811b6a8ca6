using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.Extensions.Logging;
using EngineRow = AgentSquad.EmbeddedHost.Orchestration.Hub.InstanceRow;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>
/// Shows the engine's instances in the table <c>{Hub}Instances</c>. Attach it once the engine is active: what the process before did not get
/// to write is put right first, and again whenever too much came at once.
/// </summary>
internal sealed class InstancesReadModel : IInstanceReadModel, IAsyncDisposable
{
    private const int PageSize = 1000;

    private readonly InstancesTableWriter _table;
    private readonly Uri _payloads;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _rebuilding = Task.CompletedTask;
    private volatile bool _missed = true;

    /// <param name="table">Writes the table; disposed with this.</param>
    /// <param name="payloads">Where the hub's payload blobs are: a payload that is a blob is shown as a link.</param>
    /// <param name="time">Clock of the pauses between two rebuilds.</param>
    /// <param name="logger">Told when the table falls behind.</param>
    public InstancesReadModel(InstancesTableWriter table, Uri payloads, TimeProvider time, ILogger<InstancesReadModel> logger)
    {
        _table = table;
        _payloads = payloads;
        _time = time;
        _logger = logger;
    }

    /// <summary>How far the table is behind.</summary>
    public TimeSpan Lag => _table.Lag;

    /// <summary>Instances whose newest state is not in the table yet.</summary>
    public int Pending => _table.Pending;

    /// <summary>Begins to keep the table right; returns at once.</summary>
    public void Attach(TaskHubEngine engine) => _rebuilding = Task.Run(() => RebuildAsync(engine));

    /// <inheritdoc />
    public void Publish(EngineRow row)
    {
        if (!_table.TryPost(RowOf(row))) _missed = true;
    }

    /// <inheritdoc />
    public void Remove(string instanceId)
    {
        if (!_table.TryPostDelete(instanceId)) _missed = true;
    }

    /// <summary>Stops; the next owner puts right what is missing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _rebuilding;
        await _table.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RebuildAsync(TaskHubEngine engine)
    {
        try
        {
            while (true)
            {
                if (_missed)
                {
                    _missed = false;
                    await TryRebuildAsync(engine);
                }

                await Task.Delay(TimeSpan.FromSeconds(10), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (TaskHubUnavailableException)
        {
            // The engine has stopped or lost the hub; whoever has it next sees to the table.
        }
    }

    private async Task TryRebuildAsync(TaskHubEngine engine)
    {
        try
        {
            await _table.RebuildAsync(
                StampsAsync(engine, _stop.Token),
                async (stamp, token) => await engine.GetRowAsync(stamp.InstanceId, token) is { } row ? RowOf(row) : null,
                _stop.Token);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or TaskHubUnavailableException))
        {
            _missed = true;
            _logger.LogWarning("The table of instances could not be put right, trying again: {Reason}", failure.Message);
        }
    }

    private static async IAsyncEnumerable<InstanceStamp> StampsAsync(
        TaskHubEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var page = await engine.ListAsync(after, PageSize, _ => true, cancellationToken);
            foreach (var row in page)
                yield return new InstanceStamp(row.InstanceId, row.ExecutionId, row.Status.ToString(), Utc(row.LastUpdatedAt));
            if (page.Count < PageSize) yield break;
            after = page[^1].InstanceId;
        }
    }

    private InstanceRow RowOf(EngineRow row) => new()
    {
        InstanceId = row.InstanceId,
        ExecutionId = row.ExecutionId,
        Name = row.Name,
        Version = row.Version,
        RuntimeStatus = row.Status.ToString(),
        Input = Text(row.Input),
        Output = row.Failure is { } failure ? $"{failure.ErrorType}: {failure.ErrorMessage}" : Text(row.Output),
        CustomStatus = Text(row.CustomStatus),
        CreatedTime = Utc(row.CreatedAt),
        LastUpdatedTime = Utc(row.LastUpdatedAt),
        CompletedTime = row.CompletedAt is { } completed ? Utc(completed) : null,
        ScheduledStartTime = row.StartAt is { } start ? Utc(start) : null,
        Tags = row.Tags is { Count: > 0 } tags ? JsonSerializer.Serialize(tags) : null,
    };

    private string? Text(Payload payload) => payload.IsBlob ? $"{_payloads}/{payload.Value}" : payload.Value;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
