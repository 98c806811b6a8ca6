using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioCatalogue
{
    /// <summary>The name that stands for all of them.</summary>
    public const string AllName = "all";

    private const string Done = "Done";
    private const string Completed = "Completed";
    private static readonly string[] Delivered = [StageNames.Work, StageNames.Verify, StageNames.Deliver];
    private static readonly string[] Planned = [StageNames.Triage, StageNames.Plan];
    private static readonly string[] Asked = [.. Planned, StageNames.Approve];

    /// <summary>All scenarios, in the order in which they are shown.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("happy", "nobody has to do anything", TicketFile.Sample(), _ => Task.CompletedTask,
            new(Done, Completed, [.. Planned, .. Delivered], [CommentKinds.Status, CommentKinds.Delivery])) { RecordsTask = true },
        new("clarify", "the ticket says too little, and the reporter answers in a comment", ScenarioTickets.Unclear,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Question);
                await scene.SaysAsync(ScenarioTickets.Answer);
            },
            new(Done, Completed, [StageNames.Triage, StageNames.Clarify, .. Planned, .. Delivered],
                [CommentKinds.Status, CommentKinds.Question, CommentKinds.Delivery]) { Says = [(CommentKinds.Delivery, ScenarioTickets.AnsweredCriterion)] }),
        new("approve", "a person approves the plan", ScenarioTickets.Sensitive,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Approval);
                await scene.SaysAsync("/squad approve");
            },
            new(Done, Completed, [.. Asked, .. Delivered], [CommentKinds.Status, CommentKinds.Approval, CommentKinds.Delivery])),
        new("revise", "a person wants another plan, and approves the second", ScenarioTickets.Sensitive,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Approval);
                await scene.SaysAsync($"/squad revise {ScenarioTickets.Objection}");
                await scene.SeesAsync(CommentKinds.Approval, number: 2);
                await scene.SaysAsync("/squad approve");
            },
            new(Done, Completed, [.. Asked, StageNames.Plan, StageNames.Approve, .. Delivered],
                [CommentKinds.Status, CommentKinds.Approval, CommentKinds.Approval, CommentKinds.Delivery])
            {
                Says = [(CommentKinds.Approval, ScenarioTickets.Objection)],
            }),
        new("changes-requested", "the reviewer sends a task back once", ScenarioTickets.Vague, _ => Task.CompletedTask,
            new(Done, Completed, [.. Planned, .. Delivered], [CommentKinds.Status, CommentKinds.Delivery])
            {
                Says = [(CommentKinds.Delivery, "round 2")],
            }) { RecordsTask = true },
        new("stop", "the reporter calls it off", ScenarioTickets.Sensitive,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Approval);
                await scene.SaysAsync("/squad stop");
            },
            new("To Do", Completed, [.. Asked, StageNames.Stopped], [CommentKinds.Status, CommentKinds.Approval])
            {
                Says = [(CommentKinds.Status, "Stopped by Rita Reporter")],
            }),
        new("pause-resume", "the reporter holds the run, and what is said meanwhile does not count", ScenarioTickets.Sensitive,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Approval);
                await scene.SaysAsync("/squad pause");
                await scene.SeesAsync(CommentKinds.Status, "Paused");
                await scene.SaysAsync("/squad approve");
                await scene.SeesAsync(CommentKinds.Reply, "paused");
                await scene.SaysAsync("/squad resume");
                await scene.SeesNoMoreAsync(CommentKinds.Status, "Paused");
                await scene.SaysAsync("/squad approve");
            },
            new(Done, Completed, [.. Asked, .. Delivered], [CommentKinds.Status, CommentKinds.Approval, CommentKinds.Reply, CommentKinds.Delivery])),
        new("retry-after-failure", "the squad may not move the ticket; after that is mended the reporter lets it go on", ScenarioTickets.Plain,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Failure);
                await scene.RecordsAsync("failed");
                await scene.SaysAsync("/squad retry");
                await scene.SeesAsync(CommentKinds.Delivery);
            },
            new(Done, Completed, [.. Planned, StageNames.Work, StageNames.Failed, .. Delivered],
                [CommentKinds.Status, CommentKinds.Failure, CommentKinds.Delivery]))
        {
            Prepare = scene => scene.RefusesTransitionOnceAsync(),
        },
        new("reminder-giveup", "nobody answers: a reminder, someone else is asked, the squad gives up", ScenarioTickets.Unclear,
            _ => Task.CompletedTask,
            new("To Do", Completed, [StageNames.Triage, StageNames.Clarify, StageNames.Stopped],
                [CommentKinds.Status, CommentKinds.Question, CommentKinds.Reminder, CommentKinds.Reminder, CommentKinds.Failure])
            {
                Says = [(CommentKinds.Failure, "Nobody answered")],
            })
        {
            Project = ScenarioSettings.ImpatientProject,
        },
        new("duplicate-webhooks", "every webhook comes several times, at once and again after the end", ScenarioTickets.Sensitive,
            async scene =>
            {
                await scene.RedeliversAsync(3);
                await scene.SeesAsync(CommentKinds.Approval);
                await scene.SaysAsync("/squad approve");
                await scene.RedeliversAsync(3);
                await scene.SeesTicketInAsync(Done);
                await scene.RedeliversAsync(2);
                await scene.SettlesAsync();
            },
            new(Done, Completed, [.. Asked, .. Delivered], [CommentKinds.Status, CommentKinds.Approval, CommentKinds.Delivery])),
        new("edited-midway", "the reporter edits the ticket while the plan waits, and approves the plan for the new text", ScenarioTickets.Sensitive,
            async scene =>
            {
                await scene.SeesAsync(CommentKinds.Approval);
                await scene.RewritesAsync(ScenarioTickets.SensitiveEdited);
                await scene.SeesAsync(CommentKinds.Approval, number: 2);
                await scene.SaysAsync("/squad approve");
            },
            new(Done, Completed, [.. Asked, .. Asked, .. Delivered],
                [CommentKinds.Status, CommentKinds.Approval, CommentKinds.Approval, CommentKinds.Delivery])
            {
                Says = [(CommentKinds.Delivery, ScenarioTickets.AddedCriterion)],
            }),
    ];

    /// <summary>The scenarios of a name.</summary>
    /// <exception cref="CliException">There are none.</exception>
    public static IReadOnlyList<Scenario> Find(string name) => name switch
    {
        AllName => All,
        _ when All.FirstOrDefault(scenario => scenario.Name == name) is { } scenario => [scenario],
        _ => throw new CliException($"There is no scenario '{name}'. Known are {string.Join(", ", All.Select(scenario => scenario.Name))} and {AllName}."),
    };
}
