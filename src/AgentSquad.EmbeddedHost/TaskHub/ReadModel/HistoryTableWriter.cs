using System.Globalization;
using Azure.Data.Tables;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>
/// Writes the table <c>{Hub}History</c>: a partition per instance, a row per event in order, and the row <c>sentinel</c>, in the columns of
/// the Durable Functions Azure Storage provider.
/// </summary>
internal sealed class HistoryTableWriter(TableServiceClient tables, string hubName)
{
    // The service takes 100 changes of one partition, and 4 MiB, at once.
    private const int LargestBatch = 100;
    private const int LargestBatchCharacters = 1024 * 1024;
    private const string Sentinel = "sentinel";

    private readonly TableClient _table = tables.GetTableClient(TableName(hubName));

    /// <summary>Name of a hub's table.</summary>
    public static string TableName(string hubName) => $"{hubName}History";

    /// <summary>Creates the table; true if it was not there.</summary>
    public async Task<bool> CreateTableAsync(CancellationToken cancellationToken) => await _table.CreateIfNotExistsAsync(cancellationToken) is not null;

    /// <summary>Writes the rows from a number on.</summary>
    public async Task WriteAsync(string instanceId, string executionId, IReadOnlyList<HistoryRow> rows, int from, CancellationToken cancellationToken)
    {
        var partition = InstanceEntity.PartitionKey(instanceId);
        var batch = new List<TableTransactionAction>(LargestBatch);
        var characters = 0;
        for (var i = from; i < rows.Count; i++)
        {
            var size = rows[i].Texts.Values.Sum(text => text.Length);
            if (batch.Count == LargestBatch - 1 || characters + size > LargestBatchCharacters) await SubmitAsync();
            batch.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, EntityOf(partition, executionId, rows[i], i)));
            characters += size;
        }

        batch.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, Sentinel)
        {
            ["ExecutionId"] = executionId,
            ["IsCheckpointComplete"] = true,
            ["CheckpointCompletedTimestamp"] = rows.Count > 0 ? rows[^1].Time : DateTimeOffset.UnixEpoch,
        }));
        await SubmitAsync();

        async Task SubmitAsync()
        {
            if (batch.Count > 0) await _table.SubmitTransactionAsync(batch, cancellationToken);
            batch.Clear();
            characters = 0;
        }
    }

    /// <summary>Deletes the rows from a number on, as an earlier and longer history leaves them; from 0 on, the sentinel too.</summary>
    public async Task DeleteAsync(string instanceId, int from, CancellationToken cancellationToken)
    {
        var partition = InstanceEntity.PartitionKey(instanceId);
        var filter = from == 0
            ? TableClient.CreateQueryFilter($"PartitionKey eq {partition}")
            : TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {RowKey(from)} and RowKey lt {Sentinel}");
        var batch = new List<TableTransactionAction>(LargestBatch);
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            batch.Add(new TableTransactionAction(TableTransactionActionType.Delete, row));
            if (batch.Count < LargestBatch) continue;
            await _table.SubmitTransactionAsync(batch, cancellationToken);
            batch.Clear();
        }

        if (batch.Count > 0) await _table.SubmitTransactionAsync(batch, cancellationToken);
    }

    private static string RowKey(int number) => number.ToString("X16", CultureInfo.InvariantCulture);

    private static TableEntity EntityOf(string partition, string executionId, HistoryRow row, int number)
    {
        var entity = new TableEntity(partition, RowKey(number))
        {
            ["ExecutionId"] = executionId,
            ["EventType"] = row.EventType,
            ["EventId"] = row.EventId,
            ["_Timestamp"] = row.Time,
            ["IsPlayed"] = false,
        };
        if (row.TaskScheduledId is { } task) entity["TaskScheduledId"] = task;
        if (row.TimerId is { } timer) entity["TimerId"] = timer;
        if (row.FireAt is { } fireAt) entity["FireAt"] = fireAt;
        foreach (var (name, text) in row.Texts) entity[name] = InstanceEntity.Fit(text);
        return entity;
    }
}
