using System.Diagnostics;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Specialized;

namespace AgentSquad.Bench.Engine;

/// <summary>What the store itself can do on this machine, so that the engine's figures have a measure.</summary>
/// <param name="account">The store.</param>
/// <param name="length">How long each limit is measured.</param>
internal sealed class RawStore(StorageAccount account, TimeSpan length)
{
    // About what the log writes for one step.
    private const int SmallBlockBytes = 256;

    public async Task<double> TableInsertsPerSecondAsync(CancellationToken cancellation)
    {
        const int InFlight = 16;
        var table = account.CreateTables().GetTableClient("BenchRows");
        await table.CreateIfNotExistsAsync(cancellation);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async worker =>
        {
            var rows = 0;
            for (; watch.Elapsed < length; rows++) await table.AddEntityAsync(new TableEntity($"{worker}", $"{rows}"), cancellation);
            return rows;
        }));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    public async Task<double> AppendsPerSecondAsync(CancellationToken cancellation)
    {
        var blob = await CreateBlobAsync("large", cancellation);
        var block = new byte[64 * 1024];
        var appends = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < length; appends++)
        {
            using var content = new MemoryStream(block);
            await blob.AppendBlockAsync(content, cancellationToken: cancellation);
        }

        return appends / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The log's own client, on a thread that waits, as the log's writer does.</summary>
    public async Task<double> SmallAppendMedianMsAsync(CancellationToken cancellation)
    {
        const string Container = "bench-appends";
        const string Blob = "small";
        await CreateBlobAsync(Blob, cancellation);
        using var segments = new AzureSegmentStorage(account, Container, TimeSpan.FromSeconds(30));
        var lease = $"{Guid.NewGuid()}";
        segments.AcquireLease(Blob, lease, TimeSpan.FromSeconds(60), null);
        var block = new byte[SmallBlockBytes];
        var times = new List<double>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length)
        {
            cancellation.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            segments.Append(Blob, block, lease, times.Count * (long)SmallBlockBytes);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private async Task<AppendBlobClient> CreateBlobAsync(string name, CancellationToken cancellation)
    {
        var container = account.CreateBlobs().GetBlobContainerClient("bench-appends");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        var blob = container.GetAppendBlobClient(name);
        await blob.CreateAsync(cancellationToken: cancellation);
        return blob;
    }
}
