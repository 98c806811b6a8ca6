using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.Fuzz;
using AgentSquad.Bench.Webhooks;
using AgentSquad.Bench.World;

namespace AgentSquad.EndToEnd.Tests.Proof;

/// <summary>The proofs in their short form: few tickets and requests, a fixed seed, real processes all the same. Figures mean nothing here.</summary>
public sealed class ShortProofTests(ShortProofTests.Fixture fixture) : IClassFixture<ShortProofTests.Fixture>
{
    private const int Seed = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Chaos_FewTicketsAndKills_EveryTicketEndsAsWithoutThem()
    {
        using var limit = new CancellationTokenSource(Patience);
        string[] few = ["small", "unclear", "approved"];
        var chaos = new ChaosBench(fixture.World, tickets: 4, kills: 3, Seed) { Scenarios = [.. Scenario.All.Where(scenario => few.Contains(scenario.Name))] };

        var result = await chaos.RunAsync(limit.Token);

        Assert.True(result.IsGood, $"{result}\n{fixture.Log}");
        Assert.Equal(4, result.Finished);
        Assert.True(result.Faults > 0);
    }

    [Fact]
    public async Task Webhooks_SecondsOfLoad_NoneIsLost()
    {
        using var limit = new CancellationTokenSource(Patience);

        var result = await WebhooksBench.RunAsync(fixture.World, new WebhooksSettings(Rate: 20, Seconds: 1, Outage: 0, Saturation: 1, Seed), limit.Token);

        Assert.True(result.Lost == 0, $"{result}\n{fixture.Log}");
        Assert.True(result.AcceptedPerSecond > 0);
        Assert.True(result.BareSaturatedPerSecond > 0);
    }

    [Fact]
    public async Task Fuzz_FewRequests_NothingGivesWay()
    {
        using var limit = new CancellationTokenSource(Patience);

        var result = await FuzzBench.RunAsync(fixture.World, requests: 200, Seed, limit.Token);

        Assert.True(result.IsGood, $"{result}\n{fixture.Log}");
        Assert.Equal(100, result.SignedSent);
        Assert.True(result.SignedAccepted > 0);
    }

    /// <summary>One world for all of them, one after the other.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private LocalWorld? _world;

        internal LocalWorld World => _world!;

        internal string Log => File.ReadAllText(World.AppLog);

        // Of writes whose answer was lost: the slowest of them lands a second later.
        public async Task InitializeAsync() =>
            _world = await LocalWorld.StartAsync(Seed, webhooks: true, [.. ChaosBench.Settings, ("Jira__LateWriteWait", "00:00:06")]);

        public async Task DisposeAsync()
        {
            if (_world is not null) await _world.DisposeAsync();
        }
    }
}
