using System.Globalization;
using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.LogHub;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

public sealed class CommitLogTests
{
    [Fact]
    public async Task OpenAsync_YoungHub_IsEmpty()
    {
        await using var hub = await LogHub.CreateAsync();
        var (log, found) = await hub.OpenAsync();
        Assert.Null(found.Checkpoint);
        Assert.Empty(found.Records);
        Assert.Equal(0, log.LastDurableSequence);
        Assert.False(log.OwnershipLost.IsCancellationRequested);
    }

    [Fact]
    public async Task OpenAsync_AfterAppends_YieldsThemInOrder()
    {
        await using var hub = await LogHub.CreateAsync();
        var (first, _) = await hub.OpenAsync();
        for (var i = 1; i <= 20; i++) Assert.Equal(i, await AppendAsync(first, $"record {i}"));
        await first.DisposeAsync();

        var (second, found) = await hub.OpenAsync();
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"record {i}"), found.Records);
        Assert.Equal(20, second.LastDurableSequence);
        Assert.Equal(21, await AppendAsync(second, "record 21"));

        // Six appends to a segment, as the options say: the log has rolled over several times.
        Assert.True(hub.Segments.List("log/").Count > 3);
    }

    [Fact]
    public async Task Append_ManyAtOnce_KeepsTheOrderOfTheCalls()
    {
        const int Many = 500;
        await using var hub = await LogHub.CreateAsync();
        var options = Options with { MaxAppendBytes = 4000, MaxSegmentBytes = 20_000, MaxSegmentBlocks = 100 };
        var (log, _) = await hub.OpenAsync(options);
        var texts = Enumerable.Range(1, Many).Select(i => i.ToString(CultureInfo.InvariantCulture).PadLeft(i % 300, '.')).ToArray();
        var sequences = await Task.WhenAll(texts.Select(text => log.Append(Encoding.UTF8.GetBytes(text)))).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(1, Many).Select(i => (long)i), sequences);
        await log.DisposeAsync();

        var (_, found) = await hub.OpenAsync(options);
        Assert.Equal(texts, found.Records);
    }

    [Fact]
    public async Task Append_RecordThatFitsNoAppend_IsRefusedAndHarmsNothing()
    {
        await using var hub = await LogHub.CreateAsync();
        var (log, _) = await hub.OpenAsync(Options with { MaxAppendBytes = 1000 });
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => log.Append(new byte[977]));
        Assert.Contains("payload store", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await log.Append(new byte[976]).WaitAsync(Patience));
    }

    [Fact]
    public async Task CheckpointAsync_ThenOpen_YieldsItAndOnlyWhatFollows()
    {
        await using var hub = await LogHub.CreateAsync();
        var (log, _) = await hub.OpenAsync();
        for (var i = 1; i <= 20; i++) await AppendAsync(log, $"record {i}");
        await CheckpointAsync(log, 18, "state at 18");
        await AppendAsync(log, "record 21");
        await log.DisposeAsync();

        var (_, found) = await hub.OpenAsync();
        Assert.Equal("state at 18", found.Checkpoint);
        Assert.Equal(18, found.CheckpointSequence);
        Assert.Equal(["record 19", "record 20", "record 21"], found.Records);
    }

    [Fact]
    public async Task OpenAsync_CheckpointNamedWithoutItsEpoch_IsReadAndReplaced()
    {
        await using var hub = await LogHub.CreateAsync();
        var (log, _) = await hub.OpenAsync();
        for (var i = 1; i <= 3; i++) await AppendAsync(log, $"record {i}");
        await CheckpointAsync(log, 2, "state at 2");
        await log.DisposeAsync();

        // As hubs named them before there was an epoch in the name.
        var name = Assert.Single(hub.Segments.List("checkpoint/"));
        var old = name[..name.LastIndexOf('-')];
        var bytes = await hub.Blobs.GetAsync(name, CancellationToken.None);
        await hub.Blobs.PutAsync(old, bytes, onlyIfAbsent: true, CancellationToken.None);
        await hub.Blobs.DeleteAsync(name, CancellationToken.None);

        var (next, found) = await hub.OpenAsync();
        Assert.Equal("state at 2", found.Checkpoint);
        Assert.Equal(["record 3"], found.Records);
        await CheckpointAsync(next, 2, "state at 2, again");
        Assert.StartsWith($"{old}-", Assert.Single(hub.Segments.List("checkpoint/")), StringComparison.Ordinal);
        await next.DisposeAsync();
        Assert.Equal("state at 2, again", (await hub.OpenAsync()).Found.Checkpoint);
    }

    [Fact]
    public async Task CheckpointAsync_OverAndOver_KeepsTheHubSmall()
    {
        await using var hub = await LogHub.CreateAsync();
        var (log, _) = await hub.OpenAsync(Options with { CheckpointRollOverBytes = 0 });
        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < 15; i++) await AppendAsync(log, "record");
            await CheckpointAsync(log, log.LastDurableSequence, $"state {round}");
            Assert.Single(hub.Segments.List("log/"));
            Assert.Single(hub.Segments.List("checkpoint/"));
        }

        await log.DisposeAsync();
        var (_, found) = await hub.OpenAsync();
        Assert.Equal("state 3", found.Checkpoint);
        Assert.Empty(found.Records);
    }

    [Fact]
    public async Task OpenAsync_WhileAnotherOwns_StandsByUntilItLeaves()
    {
        await using var hub = await LogHub.CreateAsync();
        var (owner, _) = await hub.OpenAsync();
        await AppendAsync(owner, "a");
        var standby = hub.NewLog();
        var met = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        standby.StandingBy = met.SetResult;
        var opening = standby.OpenAsync(CancellationToken.None);
        Assert.Contains($"{Environment.ProcessId}", await met.Task.WaitAsync(Patience), StringComparison.Ordinal);
        await AppendAsync(owner, "b");
        await owner.DisposeAsync();

        var found = await ReadAsync(await opening.WaitAsync(Patience));
        Assert.Equal(["a", "b"], found.Records);
        await Assert.ThrowsAsync<TaskHubLostException>(() => owner.Append(new byte[1]));
    }
}
