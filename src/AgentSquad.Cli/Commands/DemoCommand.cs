using System.CommandLine;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.Demo.Scenarios;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad demo</c>: one ticket from its creation to its delivery, on this machine alone.</summary>
internal static class DemoCommand
{
    private const int DefaultTimeout = 120;

    // All at the same time on a busy machine; on a quiet one they take seconds.
    private const int DefaultScenarioTimeout = 300;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var ticket = new Option<string?>("--ticket")
        {
            Description = "The ticket to create: a Markdown file whose first line is the summary and the rest the description; front matter " +
                          "(--- lines) may give type, priority, labels and components. Default is a built-in sample",
            HelpName = "file",
        };
        var scenario = new Option<string?>("--scenario")
        {
            Description = "Play a story with people in it instead, with a ticket and settings of its own, and check its end: " +
                          string.Concat(ScenarioCatalogue.All.Select(one => $"{one.Name} ({one.About}), ")) +
                          $"or {ScenarioCatalogue.AllName} of them at the same time",
            HelpName = "name",
        };
        var record = new Option<DirectoryInfo?>("--record")
        {
            Description = "With --scenario: write the histories of the runs into this folder, for the test that replays them", HelpName = "folder",
        };
        var json = Shared.Json(
            "End standard output with one JSON line {ticket, status, runStatus, instanceId, durationMs, stages, comments}, with --scenario one " +
            "per scenario that begins with {scenario, asExpected}; progress goes to standard error");
        var keep = new Option<bool>("--keep") { Description = "Leave everything running and print where; 'squad stop' ends it" };
        var oneAccount = new Option<bool>("--one-account") { Description = "Let reporter and squad share one Jira account, as small teams do" };
        var timeout = new Option<int?>("--timeout")
        {
            Description = $"Seconds that the run may take; default is {DefaultTimeout}, for scenarios {DefaultScenarioTimeout}", HelpName = "seconds",
        };
        timeout.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int?>() is null or > 0) return;
            result.AddError("--timeout takes a number of seconds above 0.");
        });
        var model = new DemoModel();
        var command = new Command(
            "demo",
            "Starts Azurite, a Jira sandbox and the function app on free ports, creates a ticket, shows how the squad works on it, prints the " +
            "finished ticket and stops everything. Needs no account and touches nothing but its own sandbox, and with --provider the model service that it names.")
        {
            ticket, scenario, record, json, keep, oneAccount, timeout,
        };
        model.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(scenario) is not null && parsed.GetValue(ticket) is not null)
            {
                throw new CliException("A scenario brings its own ticket: leave out --ticket or --scenario.");
            }

            if (parsed.GetValue(record) is not null && parsed.GetValue(scenario) is null)
            {
                throw new CliException($"--record needs --scenario, such as --scenario {ScenarioCatalogue.AllName}.");
            }

            var scenarios = parsed.GetValue(scenario) is { } name ? ScenarioCatalogue.Find(name) : null;
            var options = new DemoOptions(
                parsed.GetValue(ticket) is { } file ? TicketFile.Read(file) : TicketFile.Sample(),
                parsed.GetValue(json),
                parsed.GetValue(keep),
                parsed.GetValue(oneAccount),
                TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? (scenarios is null ? DefaultTimeout : DefaultScenarioTimeout)),
                Shared.StateFolder(parsed),
                model.Read(parsed));
            if (options.Keep) Shared.RefuseSecondSystem(options.StateFolder);
            var console = options.Json ? Terminal.Error : Terminal.Out;
            IDemoPlay play = scenarios is null
                ? new TicketPlay(options, console)
                : new ScenarioPlay(scenarios, options, parsed.GetValue(record)?.FullName, console);
            return new DemoSession(options, play, console).RunAsync(cancellation);
        });
        return command;
    }
}
