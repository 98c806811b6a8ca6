using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>A hub of one test's own, to be opened by as many logs as the test likes.</summary>
internal sealed class HubOnAzurite : IAsyncDisposable
{
    /// <summary>Longest that a test waits for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _opened = [];
    private readonly AzureSegmentStorage _segments;

    private HubOnAzurite(StorageAccount account, string name)
    {
        Account = account;
        Name = name;
        _segments = new AzureSegmentStorage(account, LogContainer, Options.RequestTimeout);
        Blobs = new AzureBlobStorage(account, LogContainer);
    }

    public StorageAccount Account { get; }

    public string Name { get; }

    public string LogContainer => $"{Name.ToLowerInvariant()}-log";

    public ISegmentStorage Segments => _segments;

    public IBlobStorage Blobs { get; }

    /// <summary>Sizes so small that a handful of records crosses several segments.</summary>
    public static CommitLogOptions Options { get; } = new()
    {
        MaxSegmentBlocks = 6, StandbyPoll = TimeSpan.FromMilliseconds(50), CheckpointRollOverBytes = 512,
    };

    public static async Task<HubOnAzurite> CreateAsync() =>
        new(StorageAccount.FromConnectionString(await SharedAzurite.ConnectionStringAsync()), SharedAzurite.NewHubName());

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
        _segments.Dispose();
    }
}

/// <summary>What a new owner finds.</summary>
internal sealed record Recovered(string? Checkpoint, long CheckpointSequence, IReadOnlyList<string> Records);
