using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A checkpoint is the state at one moment, byte for byte, and takes neither the gate nor the memory for all histories at once.</summary>
public sealed class CheckpointSnapshotTests
{
    private const int Instances = 2000;
    private const int EventsOfEach = 100;
    private const int Much = 50_000;

    private static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public async Task Write_ThousandsOfPackedHistories_IsWhatEncodingAllAtOnceGives()
    {
        var state = State(Instances);
        var expected = AllAtOnce(state);
        var snapshot = CheckpointCodec.Take(state);

        // What happens after it was taken is not in it.
        foreach (var instance in state.Instances) instance.History.Append(Events(1));
        state.Put(NewInstance("later"));

        using var written = new MemoryStream();
        await snapshot.WriteAsync(written, CancellationToken.None);
        Assert.Equal(expected.Length, snapshot.Length);
        Assert.True(expected.AsSpan().SequenceEqual(written.ToArray()));

        var read = new HubState();
        CheckpointCodec.Read(expected, read);
        Assert.Equal(Instances, read.Count);
    }

    [Fact]
    public void TakeAndWrite_ThousandsOfPackedHistories_AllocateAFractionOfThem()
    {
        var state = State(Instances);
        var plain = state.Instances.Sum(instance => (long)PackedHistory.PlainLength(instance.History.Held.Span));
        _ = CheckpointCodec.Take(State(1)).WriteAsync(Stream.Null, CancellationToken.None);

        // Both on this thread: nothing in between waits for anything.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var snapshot = CheckpointCodec.Take(state);
        var afterTaking = GC.GetAllocatedBytesForCurrentThread();
        var writing = snapshot.WriteAsync(Stream.Null, CancellationToken.None);
        var afterWriting = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(writing.IsCompletedSuccessfully);
        Assert.True(plain > 10 * 1024 * 1024, $"{plain} bytes of histories");
        Assert.InRange(afterTaking - before, 1, plain / 4);
        Assert.InRange(afterWriting - afterTaking, 0, plain / 4);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public async Task WritePlain_Packed_IsThePlainHistoryAndDamageIsCorruption(int events)
    {
        var plain = Events(events);
        var packed = PackedHistory.Pack(plain)!;

        using var written = new MemoryStream();
        await PackedHistory.WritePlainAsync(packed, written, CancellationToken.None);
        Assert.True(plain.AsSpan().SequenceEqual(written.ToArray()));
        Assert.Equal(plain.Length, PackedHistory.PlainLength(packed));

        packed[10] ^= 0xFF;
        await Assert.ThrowsAsync<TaskHubCorruptException>(() => PackedHistory.WritePlainAsync(packed, Stream.Null, CancellationToken.None));
        await Assert.ThrowsAsync<TaskHubCorruptException>(() => PackedHistory.WritePlainAsync(packed.AsMemory(0, packed.Length / 2), Stream.Null, CancellationToken.None));
    }

    [Theory]
    [InlineData(256, 257, 512)]
    [InlineData(256, 5000, 5000)]
    [InlineData(1024 * 1024 * 1024, (1024L * 1024 * 1024) + 1, -1)]
    [InlineData(1500 * 1024 * 1024, (1500L * 1024 * 1024) + 1, -1)]
    public void Grown_AnySize_DoublesUpToTheMostThereIs(int held, long needed, int expected) =>
        Assert.Equal(expected < 0 ? Array.MaxLength : expected, ByteWriter.Grown(held, needed));

    [Fact]
    public void Grown_MoreThanThereIs_SaysSo() => Assert.Throws<InvalidOperationException>(() => ByteWriter.Grown(1 << 30, (long)Array.MaxLength + 1));

    [Fact]
    public async Task Checkpoint_StorageIsSlow_TurnsGoOnAndNothingIsLostOrDoubled()
    {
        var options = new TaskHubEngineOptions { PassivateAfter = TimeSpan.Zero, MaintainEvery = TimeSpan.FromMilliseconds(20), CheckpointBytes = 1, TidyAfter = TimeSpan.FromHours(1) };
        var functions = new TestFunctions()
            .Orchestrator("Says and waits", async context =>
            {
                var words = new List<string>();
                for (var i = 0; i < 10; i++) words.Add(await context.CallActivityAsync<string>("Says", new string('w', 200)));
                for (var i = 0; i < 3; i++) words.Add(await context.WaitForExternalEvent<string>("Go"));
                return string.Join(' ', words.Select(word => word.Length));
            })
            .Activity("Says", input => System.Text.Json.JsonSerializer.Deserialize<string>(input!));
        var hub = new HookedHub(await AzuriteHub.CreateAsync());
        await using var harness = await EngineHarness.StartAsync(functions, options, hub);
        var reached = EngineHarness.NewSignal();
        var release = EngineHarness.NewSignal();
        await harness.ScheduleAsync("Says and waits", null, "w");
        using (var limit = new CancellationTokenSource(EngineHarness.Limit))
        {
            while (!harness.Engine.IsPacked("w")) await Task.Delay(5, limit.Token);
        }

        // The second write is that of the first history, after what comes before it.
        hub.OnCheckpointWrite = async number =>
        {
            if (number != 2) return;
            reached.TrySetResult();
            await release.Task.WaitAsync(EngineHarness.Limit);
        };

        // So much that another checkpoint is due, whatever the last one had.
        await harness.Client.RaiseEventAsync("w", "Go", new string('x', Much));
        await EngineHarness.Signalled(reached);
        await harness.Client.RaiseEventAsync("w", "Go", "22");
        await harness.ScheduleAsync("Says and waits", null, "v");
        await harness.Client.RaiseEventAsync("v", "Go", "1");
        var turns = (await harness.Engine.GetHistoryAsync("w", CancellationToken.None))!.Count;
        hub.OnCheckpointWrite = null;
        release.SetResult();

        await harness.RestartAsync();
        await harness.CrashAndRestartAsync();
        Assert.InRange((await harness.Engine.GetHistoryAsync("w", CancellationToken.None))!.Count, turns, int.MaxValue);
        await harness.Client.RaiseEventAsync("w", "Go", "333");
        await harness.Client.RaiseEventAsync("v", "Go", "22");
        await harness.Client.RaiseEventAsync("v", "Go", "333");

        foreach (var (id, first) in ((string, int)[])[("w", Much), ("v", 1)])
        {
            var end = await harness.EndAsync(id);
            Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
            Assert.Equal($"200 200 200 200 200 200 200 200 200 200 {first} 2 3", end.ReadOutputAs<string>());
        }
    }

    private static HubState State(int instances)
    {
        var state = new HubState();
        for (var i = 0; i < instances; i++) state.Put(NewInstance($"i-{i}"));
        state.Garbage.Add("payloads/gone");
        return state;
    }

    private static Instance NewInstance(string id)
    {
        var instance = new Instance
        {
            Id = id, ExecutionId = "execution", Name = "Waits", CreatedAt = Time, Input = new Payload("\"in\""), Tags = new Dictionary<string, string> { ["k"] = "v" },
        };
        instance.Pending.Add(new HistoryEvent { Kind = HistoryEventKind.TaskScheduled, Timestamp = Time, EventId = 7, Name = "Says" });
        instance.Inbox.Add(new Message(3, new HistoryEvent { Kind = HistoryEventKind.EventRaised, Timestamp = Time, Name = "Go" }));
        instance.History.Append(Events(EventsOfEach));
        var held = instance.History.Held;
        instance.History.Replace(held, PackedHistory.Pack(held.Span)!);
        return instance;
    }

    // The format as every build before wrote it.
    private static byte[] AllAtOnce(HubState state)
    {
        var writer = new ByteWriter();
        writer.Byte(1);
        writer.UInt((ulong)state.LastMessageId);
        writer.UInt((ulong)state.Garbage.Count);
        foreach (var blob in state.Garbage) writer.Text(blob);
        foreach (var instance in state.Instances)
        {
            writer.Bool(true);
            InstanceCodec.Write(writer, instance);
        }

        writer.Bool(false);
        return writer.ToArray();
    }

    private static byte[] Events(int count)
    {
        var writer = new ByteWriter();
        for (var i = 0; i < count; i++)
        {
            HistoryCodec.Write(writer, new HistoryEvent
            {
                Kind = HistoryEventKind.TaskScheduled, Timestamp = Time, EventId = i, Name = "Says", Data = new Payload("{\"words\":\"as people and agents say them, again and again\"}"),
            });
        }

        return writer.ToArray();
    }
}
