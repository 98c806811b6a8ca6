using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Histories of instances that wait are packed, and nobody can tell.</summary>
public sealed class PackedHistoryTests
{
    private static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void Pack_EventsThatRepeatThemselves_TakeLessAndComeBackAsTheyWere(int events)
    {
        var plain = Events(events);

        var packed = PackedHistory.Pack(plain);

        Assert.InRange(packed!.Length, 1, plain.Length / 2);
        Assert.True(PackedHistory.IsPacked(packed));
        Assert.Equal(plain, PackedHistory.Unpack(packed));
    }

    [Fact]
    public void Pack_NothingToWin_IsLeftAlone()
    {
        var noise = new byte[4096];
        new Random(1).NextBytes(noise);
        noise[0] = (byte)HistoryEventKind.ExecutionStarted;

        Assert.Null(PackedHistory.Pack([]));
        Assert.Null(PackedHistory.Pack(Events(1)));
        Assert.Null(PackedHistory.Pack(noise));
        Assert.Null(PackedHistory.Pack(PackedHistory.Pack(Events(1000))));
    }

    [Fact]
    public void Unpack_Damaged_IsCorruption()
    {
        var packed = PackedHistory.Pack(Events(100))!;
        packed[10] ^= 0xFF;

        Assert.Throws<TaskHubCorruptException>(() => PackedHistory.Unpack(packed));
        Assert.Throws<TaskHubCorruptException>(() => PackedHistory.Unpack(packed.AsSpan(0, packed.Length / 2)));
    }

    [Fact]
    public void Buffer_PackedAndThenAppendedTo_HasAllEventsInOrder()
    {
        var buffer = new HistoryBuffer();
        buffer.Append(Events(100));
        var stored = buffer.Stored;

        buffer.Replace(stored, PackedHistory.Pack(stored.Span)!);
        Assert.True(PackedHistory.IsPacked(buffer.Stored.Span));
        Assert.Equal(100, buffer.Read().Count);
        buffer.Append(Events(1));

        Assert.Equal(101, buffer.Read().Count);
        Assert.False(PackedHistory.IsPacked(buffer.Stored.Span));
    }

    [Fact]
    public void Buffer_ChangedWhileItWasPacked_KeepsTheChange()
    {
        var buffer = new HistoryBuffer();
        buffer.Append(Events(100));
        var stored = buffer.Stored;
        var packed = PackedHistory.Pack(stored.Span)!;
        buffer.Append(Events(1));

        buffer.Replace(stored, packed);

        Assert.Equal(101, buffer.Read().Count);
    }

    [Fact]
    public void Checkpoint_OfTheFormatBefore_IsReadAndOfALaterOneRefused()
    {
        var state = new HubState();
        var instance = new Instance { Id = "i", ExecutionId = "e", Name = "Waits", CreatedAt = Time };
        instance.History.Append(Events(100));
        state.Restore(instance);
        var content = CheckpointCodec.Write(state);

        content[0] = 1;
        var read = new HubState();
        CheckpointCodec.Read(content, read);
        Assert.Equal(100, read.Find("i")!.History.Read().Count);

        content[0]++;
        content[0]++;
        var refused = Assert.Throws<TaskHubCorruptException>(() => CheckpointCodec.Read(content, new HubState()));
        Assert.Contains("Run the version that wrote it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_AsleepThenCheckpointThenCrash_GoesOnWithItsWholeHistory()
    {
        var options = new TaskHubEngineOptions { PassivateAfter = TimeSpan.Zero, MaintainEvery = TimeSpan.FromMilliseconds(20) };
        var functions = new TestFunctions()
            .Orchestrator("Works and waits", async context =>
            {
                var words = new List<string>();
                for (var i = 0; i < 10; i++) words.Add(await context.CallActivityAsync<string>("Says", new string('w', 200)));
                words.Add(await context.WaitForExternalEvent<string>("Go"));
                return string.Join(' ', words.Select(word => word.Length));
            })
            .Activity("Says", input => System.Text.Json.JsonSerializer.Deserialize<string>(input!));
        var hub = new MemoryHub();
        await using var harness = await EngineHarness.StartAsync(functions, options, hub);
        await harness.ScheduleAsync("Works and waits", null, "w");
        await harness.UntilAsync("w", _ => harness.Engine.AwakeCount == 0 && History(harness).Count(item => item.Kind == HistoryEventKind.TaskCompleted) == 10);
        var before = History(harness).Select(item => $"{item} {item.Timestamp:O} {item.Data.Value}").ToList();

        // An orderly stop writes a checkpoint, which holds the packed form; a crash finds it.
        await harness.RestartAsync();
        await harness.CrashAndRestartAsync();
        Assert.Equal(before, History(harness).Select(item => $"{item} {item.Timestamp:O} {item.Data.Value}"));
        await harness.Client.RaiseEventAsync("w", "Go", "now");

        Assert.Equal("200 200 200 200 200 200 200 200 200 200 3", (await harness.EndAsync("w")).ReadOutputAs<string>());
    }

    private static IReadOnlyList<HistoryEvent> History(EngineHarness harness) =>
        harness.Engine.GetHistoryAsync("w", CancellationToken.None).WaitAsync(EngineHarness.Limit).GetAwaiter().GetResult()!;

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
