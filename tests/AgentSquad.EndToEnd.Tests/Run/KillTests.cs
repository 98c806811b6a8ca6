using AgentSquad.Cli.Demo;
using AgentSquad.EndToEnd.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>The function app dies at each stage of a run, right after Jira did what it asked for and before it hears of it.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private static readonly string[] Stages = ["Triage", "Plan", "Work", "Verify", "Deliver"];

    private LocalSite? _site;

    private LocalSite Site => _site!;

    // The status comment is written at every stage, so that every stage has a moment to die in.
    public async Task InitializeAsync() => _site = await LocalSite.StartAsync(webhooks: true, ("Squad__StatusInterval", "00:00:00"));

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Fact]
    public async Task KillMinus9_AtEachStage_EndsAsIfNothingHadHappened()
    {
        var undisturbed = await CreateAsync();
        await AssertEndedWellAsync(undisturbed);
        var expected = await TextsAsync(undisturbed);

        foreach (var stage in Stages)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            string? key = null;
            Site.Proxy.BeforeAnswer = async request =>
            {
                if (HttpMethods.IsGet(request.Method) || key is null || reached.Task.IsCompleted) return;
                if ((await Site.Runs.FindAsync(key, default))?.Stage != stage) return;
                reached.TrySetResult();
                await killed.Task;
            };
            key = await CreateAsync();

            await reached.Task.WaitAsync(SquadCli.Timeout);
            await Site.KillAppAsync();
            Site.Proxy.BeforeAnswer = null;
            killed.SetResult();
            await Site.StartAppAsync();

            await AssertEndedWellAsync(key);
            Assert.Equal(expected, await TextsAsync(key));
        }
    }

    private async Task<string> CreateAsync() => await Site.Tickets.CreateAsync(TicketFile.Sample(), "agentsquad", default);

    private async Task AssertEndedWellAsync(string key)
    {
        var run = await Site.WaitForEndAsync(key);
        Assert.True(run.RunStatus == "Completed", $"{run}\n{Site.AppLog}");
        Assert.Equal(Stages, run.Stages);
        Assert.Equal("Done", await Site.Tickets.GetStatusAsync(key, default));
        Assert.Equal(["In Progress", "In Review", "Done"], await Site.GetStatusesEnteredAsync(key));
    }

    private async Task<IEnumerable<string>> TextsAsync(string key) =>
        (await Site.Tickets.GetSquadCommentsAsync(key, default)).Select(c => $"{c.Kind}: {c.Text.Replace(key, "KEY", StringComparison.Ordinal)}");
}
