using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;
using Microsoft.DurableTask.Client;

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
        var held = buffer.Held;

        buffer.Replace(held, PackedHistory.Pack(held.Span)!);
        Assert.True(PackedHistory.IsPacked(buffer.Held.Span));
        Assert.Equal(100, HistoryCodec.ReadAll(buffer.Plain).Count);
        buffer.Append(Events(1));

        Assert.Equal(101, HistoryCodec.ReadAll(buffer.Plain).Count);
        Assert.False(PackedHistory.IsPacked(buffer.Held.Span));
    }

    [Fact]
    public void Buffer_ChangedWhileItWasPacked_KeepsTheChange()
    {
        var buffer = new HistoryBuffer();
        buffer.Append(Events(100));
        var held = buffer.Held;
        var packed = PackedHistory.Pack(held.Span)!;
        buffer.Append(Events(1));

        buffer.Replace(held, packed);

        Assert.Equal(101, HistoryCodec.ReadAll(buffer.Plain).Count);
    }

    [Fact]
    public async Task Waiting_AsleepThenRestartThenCrash_HasItsInputAndItsWholeHistoryAndGoesOn()
    {
        const string Input = "für wen — 你好, and as much text as people write into a ticket when they are asked for a description of it";
        var options = new TaskHubEngineOptions { PassivateAfter = TimeSpan.Zero, MaintainEvery = TimeSpan.FromMilliseconds(20), ArchiveAfter = TimeSpan.Zero };
        var functions = new TestFunctions()
            .Orchestrator("Works and waits", async context =>
            {
                var words = new List<string>();
                for (var i = 0; i < 10; i++) words.Add(await context.CallActivityAsync<string>("Says", new string('w', 200)));
                words.Add(await context.WaitForExternalEvent<string>("Go"));
                return $"{context.GetInput<string>()} {string.Join(' ', words.Select(word => word.Length))}";
            })
            .Activity("Says", input => System.Text.Json.JsonSerializer.Deserialize<string>(input!));
        await using var harness = await EngineHarness.StartAsync(functions, options, new MemoryHub());
        await harness.ScheduleAsync("Works and waits", Input, "w");

        // On a busy machine it falls asleep between two of its activities, too.
        using (var limit = new CancellationTokenSource(EngineHarness.Limit))
        {
            while (History(harness).Count(line => line.StartsWith($"{HistoryEventKind.TaskCompleted}", StringComparison.Ordinal)) < 10) await Task.Delay(5, limit.Token);
        }

        await AsleepAsync(harness);
        var before = History(harness);

        await harness.RestartAsync();
        await AsleepAsync(harness);
        await harness.CrashAndRestartAsync();
        await AsleepAsync(harness);
        Assert.Equal(before, History(harness));
        Assert.Equal(Input, (await harness.Client.GetInstanceAsync("w", getInputsAndOutputs: true))!.ReadInputAs<string>());

        // A turn that runs no code unpacks it, too.
        await harness.Client.SuspendInstanceAsync("w", "not now");
        await harness.UntilAsync("w", state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await AsleepAsync(harness);
        await harness.Client.ResumeInstanceAsync("w", null);
        await harness.Client.RaiseEventAsync("w", "Go", "now");

        var end = await harness.EndAsync("w");
        Assert.Equal($"{Input} 200 200 200 200 200 200 200 200 200 200 3", end.ReadOutputAs<string>());
        Assert.Equal(Input, end.ReadInputAs<string>());
    }

    // Without its orchestrator, and packed.
    private static async Task AsleepAsync(EngineHarness harness)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (harness.Engine.AwakeCount > 0 || !harness.Engine.IsPacked("w")) await Task.Delay(5, limit.Token);
    }

    private static List<string> History(EngineHarness harness) =>
        [.. harness.Engine.GetHistoryAsync("w", CancellationToken.None).WaitAsync(EngineHarness.Limit).GetAwaiter().GetResult()!
            .Select(item => $"{item} {item.Timestamp:O} {item.Data.Value}")];

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
