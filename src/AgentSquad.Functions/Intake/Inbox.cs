using System.Text.Json;
using AgentSquad.Functions.Storage;
using Azure;
using Azure.Data.Tables;

namespace AgentSquad.Functions.Intake;

/// <summary>The inboxes in the table <c>SquadInbox</c>: partition = run instance, one row per event, one for the run, one for a pending wake.</summary>
internal sealed class Inbox(StorageAccount account, TimeProvider time) : IInbox
{
    private const string EventPrefix = "event-";
    private const string RunRow = "run";
    private const string WakeRow = "wake";
    private const string Open = "Open";
    private const string Closed = "Closed";
    private const int LargestTransaction = 100;

    // A run reads moments after it was told. A claim that is older lost its event: its owner died, or the run never saw the event.
    private static readonly TimeSpan WakeIsDue = TimeSpan.FromSeconds(30);

    private readonly TableClient _table = account.Table(StorageNames.InboxTable);

    /// <inheritdoc/>
    public async Task<InboxProgress> AddAsync(string instanceId, InboxEvent entry, CancellationToken cancellationToken)
    {
        var row = new TableEntity(instanceId, EventPrefix + entry.DeliveryId)
        {
            ["Starts"] = entry.Starts,
            ["At"] = entry.At,
            ["AddedAt"] = time.GetUtcNow(),
            ["Handled"] = false,
            ["Read"] = false,
            ["Ended"] = false,
            ["Entry"] = JsonSerializer.Serialize(entry, SquadJson.Options),
        };
        return await InsertAsync(row, cancellationToken)
            ? InboxProgress.New
            : await ProgressAsync(instanceId, entry.DeliveryId, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<InboxProgress> ProgressAsync(string instanceId, string deliveryId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, EventPrefix + deliveryId, cancellationToken) switch
        {
            null => InboxProgress.New,
            var row when row.GetBoolean("Handled") is true => InboxProgress.Handled,
            _ => InboxProgress.Pending,
        };

    /// <inheritdoc/>
    public Task HandledAsync(string instanceId, string deliveryId, CancellationToken cancellationToken) =>
        MergeAsync(new TableEntity(instanceId, EventPrefix + deliveryId) { ["Handled"] = true }, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ClaimWakeAsync(string instanceId, string deliveryId, CancellationToken cancellationToken)
    {
        var claim = new TableEntity(instanceId, WakeRow) { ["Owner"] = deliveryId, ["ClaimedAt"] = time.GetUtcNow() };
        if (await InsertAsync(claim, cancellationToken)) return true;
        var row = await FindAsync(instanceId, WakeRow, cancellationToken);

        // Gone between the two calls: the run has just read, perhaps too early for this event.
        if (row is null || row.GetString("Owner") == deliveryId) return true;
        return !(row.GetDateTimeOffset("ClaimedAt") > time.GetUtcNow() - WakeIsDue) && await TakeOverAsync(claim, row.ETag, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> IsClosedAsync(string instanceId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, RunRow, cancellationToken) is { } run && run.GetString("State") == Closed;

    /// <inheritdoc/>
    public async Task<bool> OpenAsync(string instanceId, string runId, CancellationToken cancellationToken)
    {
        var start = await FindAsync(instanceId, EventPrefix + runId, cancellationToken);
        if (start?.GetBoolean("Ended") is true) return false;
        await UpsertAsync(
            new TableEntity(instanceId, RunRow) { ["RunId"] = runId, ["State"] = Open, ["ChangedAt"] = time.GetUtcNow() }, cancellationToken);
        if (start is not null)
        {
            await MergeAsync(
                new TableEntity(instanceId, EventPrefix + runId) { ["Handled"] = true, ["Read"] = true }, cancellationToken);
            await MarkReadAsync(instanceId, await LeftOverAsync(start, cancellationToken), cancellationToken);
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InboxEvent>> ReadAsync(
        string instanceId, IReadOnlyList<string> acknowledged, int limit, CancellationToken cancellationToken)
    {
        await MarkReadAsync(instanceId, acknowledged, cancellationToken);

        // Before the query: an event that comes after this wakes the run again, one that came before it is found now.
        await EnsureExists.RunAsync(() => _table.DeleteEntityAsync(instanceId, WakeRow, cancellationToken: cancellationToken), CreateAsync);
        var unread = await UnreadAsync(instanceId, cancellationToken);
        return [.. unread.Take(limit)];
    }

    /// <inheritdoc/>
    public async Task<InboxEvent?> CloseAsync(string instanceId, string runId, Func<InboxEvent, bool> starts, CancellationToken cancellationToken)
    {
        // In this order: whoever adds an event either sees the closed inbox or has added it before the query.
        await UpsertAsync(
            new TableEntity(instanceId, RunRow) { ["RunId"] = runId, ["State"] = Closed, ["ChangedAt"] = time.GetUtcNow() }, cancellationToken);
        var unread = await UnreadAsync(instanceId, cancellationToken);
        await MarkReadAsync(instanceId, [.. unread.Where(entry => !starts(entry)).Select(entry => entry.DeliveryId)], cancellationToken);

        if (await FindAsync(instanceId, EventPrefix + runId, cancellationToken) is not null)
        {
            await MergeAsync(new TableEntity(instanceId, EventPrefix + runId) { ["Ended"] = true }, cancellationToken);
        }

        return unread.FirstOrDefault(starts);
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"AddedAt lt {before} and Handled eq true and Read eq true"),
            select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken);
        var deleted = 0;
        try
        {
            await foreach (var row in old)
            {
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
                deleted++;
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            // No event has arrived yet.
        }

        return deleted;
    }

    // A hundred rows at once, which is the most that a transaction takes; one by one when one of them is not there any more.
    private async Task MarkReadAsync(string instanceId, IReadOnlyList<string> deliveryIds, CancellationToken cancellationToken)
    {
        foreach (var ids in deliveryIds.Distinct(StringComparer.Ordinal).Chunk(LargestTransaction))
        {
            TableEntity[] rows = [.. ids.Select(id => new TableEntity(instanceId, EventPrefix + id) { ["Read"] = true })];
            try
            {
                await _table.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpdateMerge, row, ETag.All)), cancellationToken);
            }
            catch (TableTransactionFailedException)
            {
                foreach (var row in rows) await MergeAsync(row, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<InboxEvent>> UnreadAsync(string instanceId, CancellationToken cancellationToken)
    {
        var unread = new List<InboxEvent>();
        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {instanceId} and Read eq false"), cancellationToken: cancellationToken))
        {
            if (row.GetString("Entry") is { } json) unread.Add(JsonSerializer.Deserialize<InboxEvent>(json, SquadJson.Options)!);
        }

        return [.. unread.OrderBy(entry => entry.At).ThenBy(entry => entry.DeliveryId, StringComparer.Ordinal)];
    }

    // What came to the last run when it had ended is not said to this one. By both clocks: the site may tell of events in another order than
    // they happened, and what an operator asks for has the time of this process.
    private async Task<IReadOnlyList<string>> LeftOverAsync(TableEntity start, CancellationToken cancellationToken)
    {
        if (start.GetDateTimeOffset("At") is not { } at || start.GetDateTimeOffset("AddedAt") is not { } addedAt) return [];
        var leftOver = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter(
                $"PartitionKey eq {start.PartitionKey} and Read eq false and Starts eq false and At lt {at} and AddedAt lt {addedAt}"),
            select: ["RowKey"], cancellationToken: cancellationToken))
        {
            leftOver.Add(row.RowKey[EventPrefix.Length..]);
        }

        return leftOver;
    }

    private async Task<TableEntity?> FindAsync(string instanceId, string row, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(instanceId, row, cancellationToken: cancellationToken);
            return found.HasValue ? found.Value : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            return null;
        }
    }

    private async Task<bool> InsertAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await EnsureExists.RunAsync(() => _table.AddEntityAsync(row, cancellationToken), CreateAsync);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    // One of those that find an old claim gets it; the others rely on its wake.
    private async Task<bool> TakeOverAsync(TableEntity claim, ETag old, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(claim, old, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return e.Status == 404;
        }
    }

    private Task<Response> UpsertAsync(TableEntity row, CancellationToken cancellationToken) =>
        EnsureExists.RunAsync(() => _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken), CreateAsync);

    private async Task MergeAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Purged in the meantime, so nobody waits for the mark.
        }
    }

    private Task CreateAsync() => _table.CreateIfNotExistsAsync();
}
