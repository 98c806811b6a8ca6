using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>The storage of a log of one test's own, to be opened by as many logs as the test likes.</summary>
internal sealed class LogHub : IAsyncDisposable
{
    /// <summary>Longest that a test waits for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _opened = [];

    private LogHub(string name, ISegmentStorage segments, IBlobStorage blobs)
    {
        Name = name;
        Segments = segments;
        Blobs = blobs;
    }

    public string Name { get; }

    public ISegmentStorage Segments { get; }

    public IBlobStorage Blobs { get; }

    /// <summary>Sizes so small that a handful of records crosses several segments.</summary>
    public static CommitLogOptions Options { get; } = new()
    {
        MaxSegmentBlocks = 6, StandbyPoll = TimeSpan.FromMilliseconds(50), CheckpointRollOverBytes = 512,
    };

    /// <summary>A hub on the real Azurite.</summary>
    public static async Task<LogHub> CreateAsync()
    {
        var account = StorageAccount.FromConnectionString(await SharedAzurite.ConnectionStringAsync());
        var name = SharedAzurite.NewHubName();
        var container = $"{name.ToLowerInvariant()}-log";
        return new LogHub(name, new AzureSegmentStorage(account, container, Options.RequestTimeout), new AzureBlobStorage(account, container));
    }

    /// <summary>A hub on a model of the storage; <see cref="MemoryStorageTests"/> holds the model to Azurite.</summary>
    public static LogHub InMemory()
    {
        var storage = new MemoryStorage();
        return new LogHub(SharedAzurite.NewHubName(), storage, storage);
    }

    /// <summary>A log on this hub, not yet opened.</summary>
    public CommitLog NewLog(CommitLogOptions? options = null, ISegmentStorage? segments = null, IBlobStorage? blobs = null)
    {
        var log = new CommitLog(segments ?? Segments, blobs ?? Blobs, options ?? Options, NullLogger<CommitLog>.Instance);
        _opened.Add(log);
        return log;
    }

    /// <summary>Opens a log and reads everything.</summary>
    public async Task<(CommitLog Log, Recovered Found)> OpenAsync(
        CommitLogOptions? options = null, ISegmentStorage? segments = null, IBlobStorage? blobs = null)
    {
        var log = NewLog(options, segments, blobs);
        return (log, await ReadAsync(await log.OpenAsync(CancellationToken.None).WaitAsync(Patience)));
    }

    public static async Task<Recovered> ReadAsync(LogRecovery recovery)
    {
        List<string> records = [];
        var expected = recovery.CheckpointSequence;
        await foreach (var record in recovery.Records)
        {
            Assert.Equal(++expected, record.Sequence);
            records.Add(Encoding.UTF8.GetString(record.Payload.Span));
        }

        return new Recovered(
            recovery.Checkpoint is { } content ? Encoding.UTF8.GetString(content.Span) : null, recovery.CheckpointSequence, records);
    }

    public static Task<long> AppendAsync(ICommitLog log, string text) => log.Append(Encoding.UTF8.GetBytes(text)).WaitAsync(Patience);

    public static Task CheckpointAsync(ICommitLog log, long sequence, string content) => log
        .CheckpointAsync(
            sequence, async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(content), token), CancellationToken.None)
        .WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _opened) await log.DisposeAsync();
        (Segments as IDisposable)?.Dispose();
    }
}

/// <summary>What a new owner finds.</summary>
internal sealed record Recovered(string? Checkpoint, long CheckpointSequence, IReadOnlyList<string> Records);
