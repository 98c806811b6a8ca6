using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>Rows in the columns of the Durable Functions Azure Storage provider, so that tools made for it can read them.</summary>
internal static class InstanceEntity
{
    // The service takes 64 KiB in UTF-16; the provider, too, stops at 60.
    private const int MostCharacters = 60 * 1024 / 2;
    private const int PreviewCharacters = 4096;

    private const char Escape = '^';
    private const char ControlOffset = '\u00C0';

    /// <summary>The columns that <see cref="StampOf"/> reads.</summary>
    public static IReadOnlyList<string> StampColumns { get; } = ["PartitionKey", "ExecutionId", "RuntimeStatus", "LastUpdatedTime"];

    /// <summary>What a row says of its instance, with the partition key in the place of the id.</summary>
    public static InstanceStamp StampOf(TableEntity entity) => new(
        entity.PartitionKey,
        entity.GetString("ExecutionId") ?? "",
        entity.GetString("RuntimeStatus") ?? "",
        entity.GetDateTimeOffset("LastUpdatedTime") ?? default);

    /// <summary>The entity of a row.</summary>
    public static TableEntity From(InstanceRow row, string hubName)
    {
        var entity = new TableEntity(PartitionKey(row.InstanceId), string.Empty)
        {
            ["TaskHubName"] = hubName,
            ["ExecutionId"] = row.ExecutionId,
            ["Name"] = row.Name,
            ["Version"] = row.Version ?? "",
            ["RuntimeStatus"] = row.RuntimeStatus,
            // The provider writes the JSON null, never an absent value.
            ["CustomStatus"] = Fit(row.CustomStatus ?? "null"),
            ["CreatedTime"] = row.CreatedTime,
            ["LastUpdatedTime"] = row.LastUpdatedTime,
            ["Generation"] = row.Generation,
        };
        if (row.Input is not null) entity["Input"] = Fit(row.Input);
        if (row.Output is not null) entity["Output"] = Fit(row.Output);
        if (row.CompletedTime is { } completed) entity["CompletedTime"] = completed;
        if (row.ScheduledStartTime is { } scheduled) entity["ScheduledStartTime"] = scheduled;
        if (row.Tags is not null) entity["Tags"] = Fit(row.Tags);
        return entity;
    }

    /// <summary>Partition key of an instance: its id, with the characters that a key must not hold escaped the way the provider does.</summary>
    public static string PartitionKey(string instanceId)
    {
        var key = new StringBuilder(instanceId.Length);
        foreach (var c in instanceId)
        {
            switch (c)
            {
                case Escape:
                    key.Append(Escape).Append(Escape);
                    break;
                case '/':
                    key.Append(Escape).Append('0');
                    break;
                case '\\':
                    key.Append(Escape).Append('1');
                    break;
                case '#':
                    key.Append(Escape).Append('2');
                    break;
                case '?':
                    key.Append(Escape).Append('3');
                    break;
                case <= '\u001F' or (>= '\u007F' and <= '\u009F'):
                    key.Append(Escape).Append((char)(ControlOffset + c));
                    break;
                default:
                    key.Append(c);
                    break;
            }
        }

        return key.ToString();
    }

    /// <summary>A value that is too large for a column becomes a JSON string that says so and shows its beginning.</summary>
    public static string Fit(string value) => value.Length <= MostCharacters
        ? value
        : JsonSerializer.Serialize($"({value.Length} characters, too large for this table; it begins:) {value[..PreviewCharacters]}");
}
