using System.Diagnostics;
using System.Globalization;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using Spectre.Console;

namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>Plays scenarios, all at the same time, in one system.</summary>
/// <param name="scenarios">The scenarios.</param>
/// <param name="options">What was asked of the demo.</param>
/// <param name="recordings">Folder for the histories of the runs; null records nothing.</param>
/// <param name="console">Where results go that are not JSON.</param>
internal sealed class ScenarioPlay(IReadOnlyList<Scenario> scenarios, DemoOptions options, string? recordings, IAnsiConsole console) : IDemoPlay
{
    // What looks on must not take the time of what it looks at.
    private static readonly TimeSpan ManyInterval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> AppSettings => ScenarioSettings.App;

    /// <inheritdoc/>
    public IReadOnlyList<SandboxAccount> People => ScenarioSettings.People;

    /// <inheritdoc/>
    public async Task<DemoOutcome> PlayAsync(RunningSystem system, IProgressView view, CancellationToken cancellation)
    {
        using var http = LocalHttp.Create();
        var site = new ScenarioSite(http, system.Sandbox!, system.FunctionApp, system.WebhookSecret!, system.Storage);
        var app = AppAccess.Of(system.Describe());
        var client = new FunctionAppClient(http, app);
        var recorder = recordings is null ? null : new HistoryRecorder(site, app.ManagementKey, recordings);
        foreach (var project in scenarios.Select(scenario => scenario.Project).Distinct())
        {
            await SandboxAdmin.AddProjectAsync(http, site.Sandbox, project, cancellation);
        }

        var played = await Task.WhenAll(scenarios.Select(scenario =>
            PlayAsync(scenario, site, client, recorder, scenarios.Count == 1 ? view : new NamedView(view, scenario.Name), cancellation)));
        if (!options.Json) Print(played);
        return new DemoOutcome(
            [.. played.Select(one => one.Result)],
            [.. played.SelectMany(one => one.Deviations.Select(deviation => $"{one.Result.Scenario} ({one.Result.Ticket}): {deviation}."))],
            played[0].Result.Ticket,
            played[0].Result.InstanceId);
    }

    private async Task<(ScenarioResult Result, DemoResult Demo, IReadOnlyList<string> Deviations)> PlayAsync(
        Scenario scenario, ScenarioSite site, FunctionAppClient client, HistoryRecorder? recorder, IProgressView view, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var curtain = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Scene? scene = null;
        scene = new Scene(site, scenario, view, curtain.Token)
        {
            Recorder = recorder is null ? null : name => recorder.SaveAsync(scenario, scene!.Key, client, name, curtain.Token),
        };
        var follower = scenarios.Count == 1 ? new RunFollower(client, view) : new RunFollower(client, view) { Interval = ManyInterval };
        var (run, mishap) = await FollowAsync(scenario, scene, curtain, follower, cancellation);
        var reporter = site.As(SandboxAccount.Reporter);
        var demo = new DemoResult(
            scene.Key, await reporter.GetStatusAsync(scene.Key, cancellation), run?.RunStatus ?? "Pending", run?.InstanceId, watch.ElapsedMilliseconds,
            run?.Stages ?? [], await reporter.GetSquadCommentsAsync(scene.Key, cancellation));
        IReadOnlyList<string> deviations = [.. mishap is null ? [] : (string[])[mishap], .. scenario.End.Deviations(demo)];
        if (recorder is not null && deviations.Count == 0) await recorder.SaveAsync(scenario, scene.Key, client, name: null, cancellation);
        return (ScenarioResult.Of(scenario, demo, deviations.Count == 0), demo, deviations);
    }

    private async Task<(TicketRun? Run, string? Mishap)> FollowAsync(
        Scenario scenario, Scene scene, CancellationTokenSource curtain, RunFollower follower, CancellationToken cancellation)
    {
        await scene.BeginAsync();
        TicketRun? run = null;
        var isTold = false;
        try
        {
            run = await follower.FollowAsync(scene.Key, options.Timeout, cancellation, async stop =>
            {
                await using var falls = stop.Register(curtain.Cancel);
                await scenario.Play(scene);
                isTold = true;
            });
            var mishap = isTold && run is { HasEnded: true } ? null : $"it was not over after {options.Timeout.TotalSeconds:0} s";
            return (run, mishap);
        }
        catch (Exception exception) when (exception is CliException or HttpRequestException)
        {
            // The others play on, and this one shows how far it came.
            return (run, exception.Message.TrimEnd('.'));
        }
    }

    private void Print((ScenarioResult Result, DemoResult Demo, IReadOnlyList<string> Deviations)[] played)
    {
        if (played.Length == 1)
        {
            TicketPrinter.Print(console, scenarios[0].Ticket, played[0].Demo);
            console.WriteLine(played[0].Result.AsExpected ? "It ended as expected." : "It did not end as expected.");
            return;
        }

        var table = new Table().RoundedBorder().AddColumns("Scenario", "Ticket", "Status", "Run", "Seconds", "Comments", "As expected");
        foreach (var (result, _, _) in played)
        {
            table.AddRow([.. ((string[])
            [
                result.Scenario, result.Ticket, result.Status ?? "", result.RunStatus,
                (result.DurationMs / 1000.0).ToString("0.0", CultureInfo.InvariantCulture),
                string.Join(", ", result.Comments.Select(comment => comment.Kind)), result.AsExpected ? "yes" : "no",
            ]).Select(Markup.Escape)]);
        }

        console.WriteLine();
        console.Write(table);
    }

    /// <summary>Shows what is done in one of several scenarios.</summary>
    private sealed class NamedView(IProgressView view, string name) : IProgressView
    {
        // What several do at the same moment would only flicker.
        public void Now(string doing)
        {
        }

        public void Done(string done) => view.Done($"{name}: {done}");
    }
}
