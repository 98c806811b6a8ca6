using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>Outages as the log's own clients meet them, between them and Azurite.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly string _container = $"{SharedAzurite.NewHubName().ToLowerInvariant()}-log";
    private StorageLine _line = null!;

    public async Task InitializeAsync() => _line = await StorageLine.CreateAsync();

    public async Task DisposeAsync() => await _line.DisposeAsync();

    [Fact]
    public async Task Append_StorageFreezesAndThaws_EverythingLandsOnce()
    {
        _line.Open();
        var work = new LogWorkload();
        using var segments = Segments();
        await using (var log = Log(segments))
        {
            await work.RecoverAsync(log);
            await work.RunAsync(log);

            // Requests under way are given up after a second, and still take effect when the storage thaws.
            _line.Freeze();
            var waiting = Enumerable.Range(0, 20).Select(_ => work.AppendAsync(log)).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(2));
            Assert.DoesNotContain(waiting, append => append.IsCompleted);
            _line.Thaw();
            await Task.WhenAll(waiting).WaitAsync(LogHub.Patience);
            await work.RunAsync(log);
        }

        await using var next = Log(segments);
        await work.RecoverAsync(next);
    }

    [Fact]
    public async Task OpenAsync_StorageIsNotThereYet_OpensWhenItComes()
    {
        using var segments = Segments();
        await using var log = Log(segments);
        var opening = log.OpenAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.False(opening.IsCompleted);
        _line.Open();
        var found = await LogHub.ReadAsync(await opening.WaitAsync(LogHub.Patience));
        Assert.Empty(found.Records);
        await LogHub.AppendAsync(log, "a");
    }

    [Fact]
    public async Task OpenAsync_CancelledWhileTheStorageIsAway_EndsAtOnce()
    {
        await using var hub = LogHub.InMemory();
        var (first, _) = await hub.OpenAsync();
        await LogHub.AppendAsync(first, "a");
        await LogHub.CheckpointAsync(first, 1, "a");
        await first.DisposeAsync();

        // The log is claimed, and its checkpoint cannot be read.
        using var cancel = new CancellationTokenSource();
        var reads = 0;
        var faults = new StorageFaults(call =>
        {
            // First its beginning, to find the place in the log.
            if (call.Operation != "get" || Interlocked.Increment(ref reads) == 1) return Fault.None;
            cancel.Cancel();
            return Fault.FailBefore;
        });
        var log = hub.NewLog(blobs: new FaultyBlobs(hub.Blobs, faults));
        var started = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.OpenAsync(cancel.Token).WaitAsync(LogHub.Patience));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, LogHub.Options.OutageLimit / 4);
    }

    private AzureSegmentStorage Segments() =>
        new(StorageAccount.FromConnectionString(_line.ConnectionString), _container, TimeSpan.FromSeconds(1));

    private CommitLog Log(AzureSegmentStorage segments) => new(
        segments, new AzureBlobStorage(StorageAccount.FromConnectionString(_line.ConnectionString), _container), LogHub.Options,
        NullLogger<CommitLog>.Instance);
}
