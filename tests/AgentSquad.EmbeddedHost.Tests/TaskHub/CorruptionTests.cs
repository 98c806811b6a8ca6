using System.Buffers.Binary;
using System.IO.Hashing;
using AgentSquad.EmbeddedHost.TaskHub;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.LogHub;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>Damage is reported with its place; the hub never opens on a guess.</summary>
public sealed class CorruptionTests
{
    // Six appends to a segment: header with epoch record, then records; see LogFormat for the sizes.
    private const int Header = 64;
    private const int Frame = 24;

    [Fact]
    public async Task OpenAsync_FlippedBit_NamesBlobOffsetAndSequence()
    {
        await using var hub = await FilledAsync(onAzurite: true);
        await RewriteAsync(hub, "log/00000001", bytes => bytes[Header + Frame + Frame] ^= 1);
        var refusal = await RefusalAsync(hub);
        Assert.Contains("log/00000001", refusal, StringComparison.Ordinal);
        Assert.Contains($"offset {Header + Frame}", refusal, StringComparison.Ordinal);
        Assert.Contains("sequence 1 ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_TornLastRecord_IsRefused()
    {
        await using var hub = await FilledAsync(onAzurite: true);
        var last = hub.Segments.List("log/")[^1];
        await RewriteAsync(hub, last, bytes => bytes[..^1]);
        Assert.Contains(last, await RefusalAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_RecordTakenOut_IsRefused()
    {
        await using var hub = await FilledAsync();
        var record = Frame + "record 1".Length;
        await RewriteAsync(hub, "log/00000001", bytes => [.. bytes[..(Header + Frame)], .. bytes[(Header + Frame + record)..]]);
        Assert.Contains("it has sequence 2", await RefusalAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_SegmentMissing_IsRefused()
    {
        await using var hub = await FilledAsync();
        hub.Segments.Delete("log/00000002", null);
        Assert.Contains("'log/00000002' is missing", await RefusalAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_OldestSegmentMissing_IsRefused()
    {
        await using var hub = await FilledAsync();
        hub.Segments.Delete("log/00000001", null);
        Assert.Contains("no checkpoint", await RefusalAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_LastSegmentMissing_IsRefused()
    {
        await using var hub = await FilledAsync(onAzurite: true);
        var last = hub.Segments.List("log/")[^1];
        hub.Segments.Delete(last, null);
        var refusal = await RefusalAsync(hub);
        Assert.Contains($"links to '{last}'", refusal, StringComparison.Ordinal);
        Assert.Contains("missing", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NewerLogFormat_SaysWhatToRun()
    {
        await using var hub = await FilledAsync();
        await RewriteAsync(hub, hub.Segments.List("log/")[^1], bytes => SetVersion(bytes, 2));
        var refusal = await RefusalAsync(hub);
        Assert.Contains("log format 2", refusal, StringComparison.Ordinal);
        Assert.Contains("newer", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NewerCheckpointFormat_SaysWhatToRun()
    {
        await using var hub = await FilledAsync(checkpoint: true);
        await RewriteCheckpointAsync(hub, bytes => SetVersion(bytes, 2));
        Assert.Contains("checkpoint format 2", await RefusalAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DamagedCheckpoint_IsRefused()
    {
        await using var hub = await FilledAsync(checkpoint: true, onAzurite: true);
        await RewriteCheckpointAsync(hub, bytes => bytes[Header] ^= 1);
        var refusal = await RefusalAsync(hub);
        Assert.Contains("checkpoint/0000000000000000020", refusal, StringComparison.Ordinal);
        Assert.Contains($"offset {Header}", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_LogEndsBeforeItsCheckpoint_IsRefused()
    {
        await using var hub = await FilledAsync(checkpoint: true);
        var last = hub.Segments.List("log/")[^1];
        await RewriteAsync(hub, last, bytes => bytes[..Header]);
        Assert.Contains("has lost data", await RefusalAsync(hub), StringComparison.Ordinal);
    }

    // What is damaged is bytes; where they lie matters to a few of the cases only.
    private static async Task<LogHub> FilledAsync(bool checkpoint = false, bool onAzurite = false)
    {
        var hub = onAzurite ? await CreateAsync() : InMemory();
        var (log, _) = await hub.OpenAsync(Options with { CheckpointRollOverBytes = long.MaxValue });
        for (var i = 1; i <= 20; i++) await AppendAsync(log, $"record {i}");
        if (checkpoint) await CheckpointAsync(log, 20, "state");
        await log.DisposeAsync();
        return hub;
    }

    private static async Task<string> RefusalAsync(LogHub hub) =>
        (await Assert.ThrowsAsync<TaskHubCorruptException>(() => hub.OpenAsync())).Message;

    private static Task RewriteAsync(LogHub hub, string name, Action<byte[]> damage) => RewriteAsync(hub, name, bytes =>
    {
        damage(bytes);
        return bytes;
    });

    private static Task RewriteAsync(LogHub hub, string name, Func<byte[], byte[]> damage)
    {
        var info = hub.Segments.GetInfo(name)!;
        var bytes = new byte[info.Length];
        hub.Segments.Read(name, 0, bytes);
        hub.Segments.Delete(name, null);
        hub.Segments.Create(name, info.Metadata);
        var lease = Guid.NewGuid().ToString();
        hub.Segments.AcquireLease(name, lease, TimeSpan.FromSeconds(15), null);
        hub.Segments.Append(name, damage(bytes), lease, 0);
        hub.Segments.ReleaseLease(name, lease);
        return Task.CompletedTask;
    }

    private static async Task RewriteCheckpointAsync(LogHub hub, Action<byte[]> damage)
    {
        var name = hub.Segments.List("checkpoint/")[^1];
        var bytes = (await hub.Blobs.GetAsync(name, CancellationToken.None))!;
        damage(bytes);
        await hub.Blobs.PutAsync(name, bytes, onlyIfAbsent: false, CancellationToken.None);
    }

    private static void SetVersion(byte[] bytes, int version)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32.HashToUInt32(bytes.AsSpan(0, 60)));
    }
}
