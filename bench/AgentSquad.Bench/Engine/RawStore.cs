using System.Diagnostics;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Specialized;

namespace AgentSquad.Bench.Engine;

/// <summary>What the store itself can do on this machine, so that the engine's figures have a measure.</summary>
internal static class RawStore
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);

    public static async Task<double> TableInsertsPerSecondAsync(StorageAccount account, CancellationToken cancellation)
    {
        const int InFlight = 16;
        var table = account.CreateTables().GetTableClient("BenchRows");
        await table.CreateIfNotExistsAsync(cancellation);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async worker =>
        {
            var rows = 0;
            for (; watch.Elapsed < Length; rows++) await table.AddEntityAsync(new TableEntity($"{worker}", $"{rows}"), cancellation);
            return rows;
        }));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    public static async Task<double> AppendsPerSecondAsync(StorageAccount account, CancellationToken cancellation)
    {
        var container = account.CreateBlobs().GetBlobContainerClient("bench-appends");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        var blob = container.GetAppendBlobClient("blob");
        await blob.CreateAsync(cancellationToken: cancellation);
        var block = new byte[64 * 1024];
        var appends = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < Length; appends++)
        {
            using var content = new MemoryStream(block);
            await blob.AppendBlockAsync(content, cancellationToken: cancellation);
        }

        return appends / watch.Elapsed.TotalSeconds;
    }
}
