using System.Globalization;
using System.Text;
using AgentSquad.EmbeddedHost.Tests.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>Owners of a log that are really killed; <see cref="EngineKillTests"/> does it at each class of commit point.</summary>
public sealed class LogKillTests
{
    [Fact]
    public async Task Kill_AtRandomMoments_LosesNothingAcknowledged()
    {
        await using var hub = await LogHub.CreateAsync();
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
        await using var hub = await LogHub.CreateAsync();
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

    private static async Task<ChildProcess> StartAsync(LogHub hub, string name, string machine = "", string point = "") =>
        ChildProcess.Start(new LogChildSettings(await SharedAzurite.ConnectionStringAsync(), hub.Name, name, machine, point).ToArguments());

    /// <summary>What was acknowledged is there, in its place; nothing is there twice, and no writer's records have a gap.</summary>
    private static async Task JudgeAsync(LogHub hub, List<string> lines)
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

        Assert.Equal(state.Count + 1, await log.Append(Encoding.UTF8.GetBytes("z1")).WaitAsync(LogHub.Patience));
    }
}
