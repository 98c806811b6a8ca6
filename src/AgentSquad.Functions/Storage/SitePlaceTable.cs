using Azure;
using Azure.Data.Tables;

namespace AgentSquad.Functions.Storage;

/// <summary>
/// The places of a site in the table <c>SquadPlaces</c>: partition = site, one row per place that is taken. A row is inserted if absent, so two
/// never share a place; a holder that never came back loses it after a while.
/// </summary>
internal sealed class SitePlaceTable(StorageAccount account, TimeProvider time)
{
    // Longer than any answer of an agent takes. A task that outlives it only lets one more begin beside it.
    private static readonly TimeSpan LongestStay = TimeSpan.FromHours(1);

    private readonly TableClient _table = account.Table(StorageNames.PlaceTable);

    /// <summary>Takes one of the site's places.</summary>
    /// <returns>Whether the holder has one now; a holder that has one already keeps it.</returns>
    public async Task<bool> TryTakeAsync(string site, string holder, int limit, CancellationToken cancellationToken)
    {
        var taken = await ReadAsync(site, cancellationToken);
        if (taken.Exists(row => row.GetString("Holder") == holder)) return true;
        for (var place = 1; place <= limit; place++)
        {
            var row = taken.Find(other => other.RowKey == Name(place));
            if (row is null ? await InsertAsync(site, place, holder, cancellationToken) : await ReplaceAsync(row, holder, cancellationToken)) return true;
        }

        return false;
    }

    /// <summary>Leaves the holder's place.</summary>
    public async Task LeaveAsync(string site, string holder, CancellationToken cancellationToken)
    {
        foreach (var row in (await ReadAsync(site, cancellationToken)).Where(row => row.GetString("Holder") == holder))
        {
            try
            {
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status is 404 or 412)
            {
                // Another holder has it already.
            }
        }
    }

    private async Task<bool> InsertAsync(string site, int place, string holder, CancellationToken cancellationToken)
    {
        try
        {
            await EnsureExists.RunAsync(
                () => _table.AddEntityAsync(Row(site, Name(place), holder), cancellationToken), () => _table.CreateIfNotExistsAsync(cancellationToken));
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    private async Task<bool> ReplaceAsync(TableEntity row, string holder, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - row.GetDateTimeOffset("Since") < LongestStay) return false;
        try
        {
            await _table.UpdateEntityAsync(Row(row.PartitionKey, row.RowKey, holder), row.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    private async Task<List<TableEntity>> ReadAsync(string site, CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        try
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {site}"), cancellationToken: cancellationToken))
            {
                rows.Add(row);
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            // Nobody has had a place yet.
        }

        return rows;
    }

    private TableEntity Row(string site, string place, string holder) => new(site, place) { ["Holder"] = holder, ["Since"] = time.GetUtcNow() };

    private static string Name(int place) => $"place-{place:D4}";
}
