using System.Globalization;
using System.Text;
using AgentSquad.EmbeddedHost.Tests.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>Each class of commit point once with a process that is really killed.</summary>
public sealed class LogKillTests
{
    [Theory]
    [InlineData("append:log/00000001:4:CrashBefore")] // a record that nobody heard of
    [InlineData("append:log/00000001:4:CrashAfter")] // a durable record whose writer died before it knew
    [InlineData("create:log/00000002:1:CrashAfter")] // roll-over: segment without header
    [InlineData("append:log/00000002:1:CrashAfter")] // roll-over: segment without link
    [InlineData("release:log/00000001:1:CrashBefore")] // roll-over: linked, old lease still held
    [InlineData("write:checkpoint/:2:CrashBefore")]
    [InlineData("write:checkpoint/:2:CrashAfter")]
    [InlineData("delete:log/:1:CrashAfter")] // truncation half way
    [InlineData("delete:checkpoint/:1:CrashBefore")] // the older checkpoint stays behind
    public async Task Kill_AtThePoint_LosesNothingAcknowledged(string point)
    {
        await using var hub = await HubOnAzurite.CreateAsync();
        await using var child = await StartAsync(hub, "a", point: point);
        var lines = await child.RestAsync();
        Assert.Contains("open 0", lines);
        await JudgeAsync(hub, lines);
    }

    [Fact]
    public async Task Kill_AtRandomMoments_LosesNothingAcknowledged()
    {
        await using var hub = await HubOnAzurite.CreateAsync();
        List<string> lines = [];
        var random = new Random();
        for (var round = 0; round < 3; round++)
        {
            await using var child = await StartAsync(hub, $"{(char)('a' + round)}");
            await child.UntilAsync("open");
            for (var acknowledged = random.Next(40); acknowledged >= 0; acknowledged--) lines.Add(await child.UntilAsync("ack"));
            child.Kill();
            lines.AddRange(await child.RestAsync());
        }

        await JudgeAsync(hub, lines);
    }

    [Theory]
    [InlineData("")] // the standby sees that the process is gone
    [InlineData("elsewhere")] // it cannot know, and waits the lease out
    public async Task Kill_WithAStandby_HandsOverWithinTwentySeconds(string machine)
    {
        await using var hub = await HubOnAzurite.CreateAsync();
        await using var owner = await StartAsync(hub, "a", machine);
        List<string> lines = [await owner.UntilAsync("ack")];
        await using var standby = await StartAsync(hub, "b");
        await standby.UntilAsync("standby");
        lines.Add(await owner.UntilAsync("ack"));
        owner.Kill();

        var started = TimeProvider.System.GetTimestamp();
        await standby.UntilAsync("open");
        lines.Add(await standby.UntilAsync("ack"));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        standby.Kill();
        lines.AddRange(await owner.RestAsync());
        lines.AddRange(await standby.RestAsync());
        await JudgeAsync(hub, lines);
    }

    private static async Task<ChildProcess> StartAsync(HubOnAzurite hub, string name, string machine = "", string point = "") =>
        ChildProcess.Start(new LogChildSettings(await SharedAzurite.ConnectionStringAsync(), hub.Name, name, machine, point).ToArguments());

    /// <summary>What was acknowledged is there, in its place; nothing is there twice, and no writer's records have a gap.</summary>
    private static async Task JudgeAsync(HubOnAzurite hub, List<string> lines)
    {
        var (log, found) = await hub.OpenAsync();
        List<string> state = [.. found.Checkpoint?.Split(' ') ?? [], .. found.Records];
        foreach (var line in lines.Where(line => line.StartsWith("ack ", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ');
            Assert.Equal(parts[2], state.ElementAtOrDefault(int.Parse(parts[1], CultureInfo.InvariantCulture) - 1));
        }

        foreach (var writer in state.GroupBy(text => text[0]))
        {
            Assert.Equal(
                Enumerable.Range(1, writer.Count()).Select(number => $"{writer.Key}{number}"), writer);
        }

        Assert.Equal(state.Count + 1, await log.Append(Encoding.UTF8.GetBytes("z1")).WaitAsync(HubOnAzurite.Patience));
    }
}
