using AgentSquad.EmbeddedHost.TaskHub;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.LogHub;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

public sealed class TakeOverTests
{
    // An owner of that name can be proven dead although it lives: so two writers come to be alive at once.
    private static readonly OwnerIdentity SaidToBeDead = OwnerIdentity.Current() with { ProcessId = int.MaxValue };

    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 1)]
    public async Task TwoWriters_AliveAtOnce_NeverBothCommit(bool onAzurite, int fights)
    {
        var seed = Environment.TickCount;
        await Parallel.ForEachAsync(Enumerable.Range(seed, fights), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, token) =>
        {
            try
            {
                await FightAsync(onAzurite ? await CreateAsync() : InMemory(), new Random(number), token);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {number}", failure);
            }
        });
    }

    [Fact]
    public async Task OpenAsync_OwnerIsFrozen_TakesOverWithinTwentySecondsAndTheOwnerCommitsNoMore()
    {
        await using var hub = await CreateAsync();
        using var network = new ManualResetEventSlim(initialState: true);
        var faults = new StorageFaults(_ => Fault.None) { Gate = network };
        var stranger = OwnerIdentity.Current() with { Machine = "elsewhere" };
        var frozen = hub.NewLog(Options with { Owner = stranger }, new FaultySegments(hub.Segments, faults), hub.Blobs);
        var work = new LogWorkload();
        await work.RecoverAsync(frozen);
        await work.AppendAsync(frozen);
        network.Reset();
        var late = frozen.Append(new byte[1]);

        var started = TimeProvider.System.GetTimestamp();
        var standby = hub.NewLog();
        try
        {
            await work.RecoverAsync(standby);
            Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
            await work.AppendAsync(standby);
        }
        finally
        {
            // Also after a failure: nobody can close a log whose requests never return.
            network.Set();
        }

        await Assert.ThrowsAsync<TaskHubLostException>(() => late.WaitAsync(Patience));
        Assert.True(frozen.OwnershipLost.IsCancellationRequested);
        await work.AppendAsync(standby);
        await standby.DisposeAsync();
        await work.RecoverAsync(hub.NewLog());
    }

    [Fact]
    public async Task OpenAsync_OwnerIsProvablyDead_DoesNotWaitForTheLease()
    {
        await using var hub = await CreateAsync();
        var (dead, _) = await hub.OpenAsync(Options with { Owner = SaidToBeDead });
        await AppendAsync(dead, "a");
        var started = TimeProvider.System.GetTimestamp();
        var (_, found) = await hub.OpenAsync();
        Assert.Equal(["a"], found.Records);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task OpenAsync_Cancelled_LeavesTheOwnerAlone()
    {
        await using var hub = await CreateAsync();
        var (owner, _) = await hub.OpenAsync();
        var standby = hub.NewLog();
        using var cancel = new CancellationTokenSource();
        standby.StandingBy = _ => cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => standby.OpenAsync(cancel.Token).WaitAsync(Patience));
        await AppendAsync(owner, "a");
    }

    [Fact]
    public async Task Append_StorageStaysAway_GivesOwnershipUpAfterTheLimit()
    {
        await using var hub = await CreateAsync();
        var away = false;
        var faults = new StorageFaults(_ => away ? Fault.FailBefore : Fault.None);
        var log = hub.NewLog(
            Options with { OutageLimit = TimeSpan.FromSeconds(1) }, new FaultySegments(hub.Segments, faults), new FaultyBlobs(hub.Blobs, faults));
        await new LogWorkload().RecoverAsync(log);
        away = true;
        var lost = await Assert.ThrowsAsync<TaskHubLostException>(() => AppendAsync(log, "a"));
        Assert.Contains("reachable", lost.Message, StringComparison.Ordinal);
        Assert.True(log.OwnershipLost.IsCancellationRequested);
        await Assert.ThrowsAsync<TaskHubLostException>(() => AppendAsync(log, "b"));
    }

    [Fact]
    public async Task RollOver_SomeoneLeftTheNextSegmentBehind_ReplacesIt()
    {
        await using var hub = await CreateAsync();
        var work = new LogWorkload();
        var log = hub.NewLog();
        await work.RecoverAsync(log);

        // What an owner leaves that was replaced while it rolled over.
        hub.Segments.Create("log/00000002", SaidToBeDead.ToMetadata());
        hub.Segments.AcquireLease("log/00000002", Guid.NewGuid().ToString(), TimeSpan.FromSeconds(15), null);
        await work.RunAsync(log);
        await log.DisposeAsync();
        await work.RecoverAsync(hub.NewLog());
    }

    [Fact]
    public async Task CheckpointAsync_OfAReplacedOwnerArrivesLate_DoesNotTakeThePlaceOfItsSuccessors()
    {
        await using var hub = InMemory();
        var (frozen, _) = await hub.OpenAsync(Options with { Owner = SaidToBeDead });
        for (var i = 0; i < 20; i++) await AppendAsync(frozen, $"{i}");
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = frozen.CheckpointAsync(
            20,
            async (stream, token) =>
            {
                writing.SetResult();
                await thawed.Task;
                await stream.WriteAsync("late"u8.ToArray(), token);
            },
            CancellationToken.None);
        await writing.Task.WaitAsync(Patience);

        // At the same sequence, since nothing has come in between; it drops what the late one says the log goes on from.
        var (successor, _) = await hub.OpenAsync(Options with { CheckpointRollOverBytes = 0 });
        await CheckpointAsync(successor, 20, "successor's");
        thawed.SetResult();
        await Assert.ThrowsAsync<TaskHubLostException>(() => late.WaitAsync(Patience));
        await successor.DisposeAsync();

        var (_, found) = await hub.OpenAsync();
        Assert.Equal("successor's", found.Checkpoint);
        Assert.Equal(20, found.CheckpointSequence);
    }

    private static async Task FightAsync(LogHub created, Random random, CancellationToken token)
    {
        await using var hub = created;
        var work = new LogWorkload();
        var options = Options with { Owner = SaidToBeDead, MaxSegmentBlocks = random.Next(4, 20) };
        CommitLog? before = null;
        Task fighting = Task.CompletedTask;
        for (var round = 0; round < 5; round++)
        {
            var log = hub.NewLog(options);
            await work.RecoverAsync(log, token);

            // The old owner is still at it when the new one has read everything.
            if (before is not null)
            {
                await fighting.WaitAsync(Patience, token);
                Assert.True(before.OwnershipLost.IsCancellationRequested);
            }

            before = log;
            fighting = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AppendUntilLostAsync(work, log)));
            for (var i = random.Next(1, 15); i > 0 && !log.OwnershipLost.IsCancellationRequested; i--) await work.AppendAsync(log);
        }

        await before!.DisposeAsync();
        await fighting.WaitAsync(Patience, token);
        await work.RecoverAsync(hub.NewLog(), token);
    }

    private static async Task AppendUntilLostAsync(LogWorkload work, CommitLog log)
    {
        try
        {
            while (true) await work.AppendAsync(log);
        }
        catch (TaskHubLostException)
        {
            // The end that was to come.
        }
    }
}
