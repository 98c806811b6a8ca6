using Azure;
using Azure.Data.Tables;

namespace AgentSquad.Functions.Storage;

/// <summary>Finds the run instance of a ticket by the ticket's key. Keys change when tickets move, so each key that a run has met leads to it.</summary>
internal sealed class TicketIndex(StorageAccount account)
{
    private const string Partition = "key";

    private readonly TableClient _table = account.Table(StorageNames.TicketTable);

    /// <summary>Notes that a key belongs to an instance, as Jira itself says.</summary>
    public Task SetAsync(string key, string instanceId, CancellationToken cancellationToken) => EnsureExists.RunAsync(
        () => _table.UpsertEntityAsync(
            new TableEntity(Partition, key.ToUpperInvariant()) { ["InstanceId"] = instanceId }, TableUpdateMode.Replace, cancellationToken),
        () => _table.CreateIfNotExistsAsync(cancellationToken));

    /// <summary>
    /// Notes that a key is said to belong to an instance, unless it is known to belong to one: an event that names one ticket by its id and
    /// another by its key must not lead people, and their commands, from the second to the first.
    /// </summary>
    public async Task OfferAsync(string key, string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            await EnsureExists.RunAsync(
                () => _table.AddEntityAsync(
                    new TableEntity(Partition, key.ToUpperInvariant()) { ["InstanceId"] = instanceId }, cancellationToken),
                () => _table.CreateIfNotExistsAsync(cancellationToken));
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            // Jira's word, or an earlier event's.
        }
    }

    /// <summary>The instance that last had the key; null when none had.</summary>
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, key.ToUpperInvariant(), cancellationToken: cancellationToken);
            return row.HasValue ? row.Value!.GetString("InstanceId") : null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            return null;
        }
    }
}
