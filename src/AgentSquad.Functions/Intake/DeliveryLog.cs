using System.Security.Cryptography;
using System.Text;
using AgentSquad.Functions.Storage;
using Azure;
using Azure.Data.Tables;

namespace AgentSquad.Functions.Intake;

/// <summary>Remembers which body came under which delivery identifier.</summary>
internal interface IDeliveryLog
{
    /// <summary>
    /// Whether the identifier came with another body before. The same identifier with the same body is no duplicate here, because the first
    /// try may have died half-way: the inbox decides about it.
    /// </summary>
    Task<bool> IsOtherBodyAsync(string site, string identifier, string deliveryId, CancellationToken cancellationToken);

    /// <summary>Forgets what is older than a time.</summary>
    /// <returns>How many were deleted.</returns>
    Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>The log in the table <c>SquadDeliveries</c>.</summary>
internal sealed class DeliveryLog(StorageAccount account, TimeProvider time) : IDeliveryLog
{
    private readonly TableClient _table = account.Table(StorageNames.DeliveryTable);

    /// <inheritdoc/>
    public async Task<bool> IsOtherBodyAsync(string site, string identifier, string deliveryId, CancellationToken cancellationToken)
    {
        // The header is the sender's text; its hash fits a row key whatever it holds.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identifier)))[..32];
        var row = new TableEntity(site, key) { ["DeliveryId"] = deliveryId, ["AddedAt"] = time.GetUtcNow() };
        try
        {
            await EnsureExists.RunAsync(() => _table.AddEntityAsync(row, cancellationToken), () => _table.CreateIfNotExistsAsync());
            return false;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            var known = await _table.GetEntityIfExistsAsync<TableEntity>(site, key, cancellationToken: cancellationToken);
            return known.HasValue && known.Value!.GetString("DeliveryId") != deliveryId;
        }
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var deleted = 0;
        try
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"AddedAt lt {before}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
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
}
