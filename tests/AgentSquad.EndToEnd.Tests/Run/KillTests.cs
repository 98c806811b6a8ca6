using AgentSquad.Cli.Demo;
using AgentSquad.Cli.Demo.Scenarios;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.EndToEnd.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>The function app dies at each stage of a run, right after Jira did what it asked for and before it hears of it.</summary>
public sealed class KillTests(KillTests.KillableSite killable) : IClassFixture<KillTests.KillableSite>
{
    private static readonly string[] Stages = ["Triage", "Plan", "Work", "Verify", "Deliver"];

    private LocalSite Site => killable.Site;

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

    [Fact]
    public async Task KillMinus9_InTheMiddleOfStoriesWithPeople_EndsAsExpected()
    {
        // A question and a plan are on the ticket, and a task is at work that its reviewer will send back.
        MiddleOf[] stories =
        [
            new("clarify", Site, (request, run) => HttpMethods.IsPost(request.Method) && run.Stage == "Clarify"),
            new("approve", Site, (request, run) => HttpMethods.IsPost(request.Method) && run.Stage == "Approve"),
            new("changes-requested", Site, (_, run) => run.Stage == "Work" && run.Tasks!.Any(t => t is { Role: "BackendDeveloper", State: "InProgress" })),
        ];
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Site.Proxy.BeforeAnswer = async request =>
        {
            if (!HttpMethods.IsGet(request.Method) && stories.FirstOrDefault(s => s.IsAbout(request)) is { } story && await story.ReachesAsync(request)) await killed.Task;
        };
        foreach (var story in stories) await story.Scene.BeginAsync();

        await Task.WhenAll(stories.Select(s => s.Reached)).WaitAsync(SquadCli.Timeout);
        await Site.KillAppAsync();
        Site.Proxy.BeforeAnswer = null;
        killed.SetResult();

        // People do not know that it is dead.
        await Task.WhenAll(stories.Select(s => s.Scenario.Play(s.Scene))).WaitAsync(SquadCli.Timeout);
        await Site.StartAppAsync();

        foreach (var (scenario, key) in stories.Select(s => (s.Scenario, s.Scene.Key)))
        {
            var run = await Site.WaitForEndAsync(key);
            var end = new DemoResult(
                key, await Site.Tickets.GetStatusAsync(key, default), run.RunStatus, run.InstanceId, 0, run.Stages ?? [],
                await Site.Tickets.GetSquadCommentsAsync(key, default));
            Assert.True(scenario.End.Deviations(end) is [], $"{scenario.Name}: {string.Join("; ", scenario.End.Deviations(end))}\n{Site.AppLog}");
            Assert.Equal(["In Progress", "In Review", "Done"], await Site.GetStatusesEnteredAsync(key));
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

    /// <summary>One site for all tests: the status comment is written at every stage, so that every stage has a moment to die in.</summary>
    public sealed class KillableSite : IAsyncLifetime
    {
        private LocalSite? _site;

        internal LocalSite Site => _site!;

        public async Task InitializeAsync() =>
            _site = await LocalSite.StartAsync(webhooks: true, [.. ScenarioSettings.App.Select(setting => (setting.Key, setting.Value))]);

        public async Task DisposeAsync() => await Site.DisposeAsync();
    }

    /// <summary>A scenario up to the moment at which the app dies.</summary>
    private sealed class MiddleOf
    {
        private readonly LocalSite _site;
        private readonly Func<HttpRequest, TicketRun, bool> _isMiddle;
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string? _id;

        public MiddleOf(string scenario, LocalSite site, Func<HttpRequest, TicketRun, bool> isMiddle)
        {
            (_site, _isMiddle) = (site, isMiddle);
            Scenario = ScenarioCatalogue.Find(scenario).Single() with
            {
                Prepare = async scene => _id = await site.Tickets.GetIdAsync(scene.Key, default),
            };
            Scene = new Scene(site.Scenarios, Scenario, new Silent(), CancellationToken.None);
        }

        public Scenario Scenario { get; }

        public Scene Scene { get; }

        public Task Reached => _reached.Task;

        public bool IsAbout(HttpRequest request) => _id is not null && request.Path.Value!.Contains($"/issue/{_id}/", StringComparison.Ordinal);

        public async Task<bool> ReachesAsync(HttpRequest request)
        {
            if (_reached.Task.IsCompleted || await _site.Runs.FindAsync(Scene.Key, default) is not { } run || !_isMiddle(request, run)) return false;
            return _reached.TrySetResult();
        }

        private sealed class Silent : IProgressView
        {
            public void Now(string doing)
            {
            }

            public void Done(string done)
            {
            }
        }
    }
}
