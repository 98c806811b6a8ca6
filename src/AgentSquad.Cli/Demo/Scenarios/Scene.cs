using System.Globalization;
using System.Text.Json.Nodes;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>One performance of a scenario: its ticket, and what people do with it.</summary>
/// <param name="site">Where it plays.</param>
/// <param name="scenario">What is played.</param>
/// <param name="view">Where what people do is shown.</param>
/// <param name="cancellation">Ends every wait.</param>
internal sealed class Scene(ScenarioSite site, Scenario scenario, IProgressView view, CancellationToken cancellation)
{
    private const string TriggerLabel = ScenarioSettings.TriggerLabel;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly SandboxTickets _reporter = site.As(SandboxAccount.Reporter);

    /// <summary>Key of the ticket.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Keeps the history of the run as it is now, under a name of its own; null when nothing is recorded.</summary>
    public Func<string, Task>? Recorder { get; init; }

    /// <summary>Creates the ticket and lets the squad start.</summary>
    public async Task BeginAsync()
    {
        Key = await _reporter.CreateAsync(scenario.Ticket, scenario.Prepare is null ? TriggerLabel : null, cancellation, scenario.Project);
        view.Done($"{Key} created: {scenario.Ticket.Summary}");
        if (scenario.Prepare is not { } prepare) return;
        await prepare(this);
        await _reporter.AddLabelAsync(Key, TriggerLabel, cancellation);
    }

    /// <summary>Waits until the ticket has a comment of the squad.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="saying">What the last one of that kind says; null for anything.</param>
    /// <param name="number">How many of that kind there are by then.</param>
    public Task SeesAsync(string kind, string? saying = null, int number = 1) => LooksForAsync(comments =>
        comments.Where(comment => comment.Kind == kind).ToList() is var found
        && found.Count >= number
        && (saying is null || found[^1].Text.Contains(saying, StringComparison.Ordinal)));

    /// <summary>Waits until the squad's last comment of a kind says something no more.</summary>
    public Task SeesNoMoreAsync(string kind, string saying) => LooksForAsync(comments =>
        comments.LastOrDefault(comment => comment.Kind == kind)?.Text.Contains(saying, StringComparison.Ordinal) == false);

    /// <summary>Waits until the ticket is in a status.</summary>
    public async Task SeesTicketInAsync(string status)
    {
        while (await _reporter.GetStatusAsync(Key, cancellation) != status) await Task.Delay(Interval, cancellation);
    }

    /// <summary>The reporter writes a comment.</summary>
    public async Task SaysAsync(string text)
    {
        await _reporter.AddCommentAsync(Key, text, cancellation);
        view.Done($"{SandboxAccount.Reporter.DisplayName}: {text.Split('\n')[0]}");
    }

    /// <summary>The reporter rewrites the ticket's description.</summary>
    public async Task RewritesAsync(string description)
    {
        await _reporter.SetDescriptionAsync(Key, description, cancellation);
        view.Done($"{SandboxAccount.Reporter.DisplayName} edited the ticket");
    }

    /// <summary>Takes from the squad, for one try, the right to move the ticket.</summary>
    public async Task RefusesTransitionOnceAsync()
    {
        var id = await _reporter.GetIdAsync(Key, cancellation);
        await SandboxAdmin.AddFaultAsync(
            site.Http, site.Sandbox,
            new JsonObject { ["kind"] = "Status", ["status"] = 403, ["method"] = "POST", ["path"] = $"*/issue/{id}/transitions", ["count"] = 1 }, cancellation);
    }

    /// <summary>Delivers every webhook about the ticket again, several times at once.</summary>
    /// <param name="times">How often each.</param>
    public async Task RedeliversAsync(int times)
    {
        var deliveries = await SandboxAdmin.GetDeliveriesAsync(site.Http, site.Sandbox, Key, cancellation);
        await Task.WhenAll(deliveries.SelectMany(delivery => Enumerable.Range(0, times)
            .Select(_ => site.DeliverAsync(delivery.Identifier, delivery.Body, cancellation))));
        view.Done(string.Create(CultureInfo.InvariantCulture, $"Every webhook so far ({deliveries.Count}) was delivered {times} times more"));
    }

    /// <summary>Waits until the function app has worked off everything that was delivered.</summary>
    public Task SettlesAsync() => site.SettleAsync(cancellation);

    /// <summary>Keeps the history of the run as it is now when the scenario is recorded.</summary>
    public Task RecordsAsync(string name) => Recorder?.Invoke(name) ?? Task.CompletedTask;

    private async Task LooksForAsync(Func<IReadOnlyList<DemoComment>, bool> isThere)
    {
        while (!isThere(await _reporter.GetSquadCommentsAsync(Key, cancellation))) await Task.Delay(Interval, cancellation);
    }
}
