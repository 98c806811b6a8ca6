using System.Text;
using System.Text.Json;
using AgentSquad.Cli.LocalSystem;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace AgentSquad.Bench.World;

/// <summary>Looks for secrets where none may be: logs, traces, tickets with comments, changes and attachments, blobs, tables, queues.</summary>
internal sealed class SecretScan
{
    private readonly LocalWorld _world;
    private readonly IReadOnlyList<(string Name, byte[] Bytes)> _secrets;
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);

    private SecretScan(LocalWorld world)
    {
        _world = world;

        // As it is, and as the header of basic authentication would carry it.
        _secrets =
        [
            .. world.Secrets.Select(secret => (secret.Key, Encoding.UTF8.GetBytes(secret.Value))),
            ("basic authentication", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxAccount.Bot.Email}:{world.ApiToken}")))),
        ];
    }

    /// <summary>Bytes that were looked through.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where each secret was found, one line each.</summary>
    public IReadOnlyCollection<string> Found => _found;

    /// <summary>Looks everywhere.</summary>
    public static async Task<SecretScan> RunAsync(LocalWorld world, IEnumerable<string> tickets)
    {
        var scan = new SecretScan(world);
        foreach (var file in Directory.GetFiles(world.Logs)) scan.Look(await ReadSharedAsync(file), $"the file {Path.GetFileName(file)}");
        var reporter = new Reporter(world);
        foreach (var ticket in tickets) await scan.LookAtTicketAsync(reporter, ticket);
        await scan.LookAtBlobsAsync();
        await scan.LookAtTablesAsync();
        await scan.LookAtQueuesAsync();
        return scan;
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task LookAtTicketAsync(Reporter reporter, string ticket)
    {
        Look(await reporter.RawCommentsAsync(ticket), $"comments of {ticket}");
        var issue = await reporter.ReadAsync(ticket);
        Look(issue, $"the ticket {ticket}");
        var fields = issue.GetProperty("fields");
        if (!fields.TryGetProperty("attachment", out var attachments) || attachments.ValueKind != JsonValueKind.Array) return;
        foreach (var attachment in attachments.EnumerateArray()) Look(await reporter.AttachmentAsync(attachment.GetProperty("id").ToString()), $"an attachment of {ticket}");
    }

    private async Task LookAtBlobsAsync()
    {
        var blobs = new BlobServiceClient(_world.Azurite.ConnectionString);
        await foreach (var container in blobs.GetBlobContainersAsync())
        {
            var client = blobs.GetBlobContainerClient(container.Name);
            await foreach (var blob in client.GetBlobsAsync())
            {
                // One that is deleted meanwhile is nobody's leak.
                try
                {
                    Look((await client.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray(), $"the blob {container.Name}/{blob.Name}");
                }
                catch (RequestFailedException e) when (e.Status == 404)
                {
                    continue;
                }
            }
        }
    }

    private async Task LookAtTablesAsync()
    {
        var tables = new TableServiceClient(_world.Azurite.ConnectionString);
        await foreach (var table in tables.QueryAsync())
        {
            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                foreach (var (name, value) in row) Look(value as byte[] ?? Encoding.UTF8.GetBytes($"{name}={value}"), $"the table {table.Name}");
            }
        }
    }

    private async Task LookAtQueuesAsync()
    {
        var queues = new QueueServiceClient(_world.Azurite.ConnectionString);
        await foreach (var queue in queues.GetQueuesAsync())
        {
            foreach (var message in (await queues.GetQueueClient(queue.Name).PeekMessagesAsync(32)).Value)
            {
                var text = message.Body.ToString();
                var isBase64 = System.Buffers.Text.Base64.IsValid(text);
                Look(isBase64 ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text), $"the queue {queue.Name}");
            }
        }
    }

    private void Look(JsonElement json, string where) => Look(Encoding.UTF8.GetBytes(json.GetRawText()), where);

    private void Look(byte[] bytes, string where)
    {
        Bytes += bytes.Length;
        foreach (var (name, secret) in _secrets)
        {
            if (bytes.AsSpan().IndexOf(secret) >= 0) _found.Add($"{name} in {where}");
        }
    }
}
