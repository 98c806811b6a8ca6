using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Voice;

/// <summary>The one comment per run that is edited in place.</summary>
public static class StatusComment
{
    private const int BarLength = 10;
    private const int MostTasks = 60;
    private const int MostDecisions = 5;

    /// <summary>Renders the comment. The same input gives the same text, so that an edit that would change nothing can be left out.</summary>
    /// <param name="status">The run's status.</param>
    /// <param name="source"><see cref="ISquadAgents.Source"/> of the agents.</param>
    /// <param name="waiting">Whom the run waits for; null when it does not wait for people.</param>
    /// <param name="verbosity">How much to say.</param>
    /// <param name="cost">What the ticket has cost, our own words, Markdown; null to say nothing of it.</param>
    public static string Render(SquadRunStatus status, string source, Waiting? waiting = null, Verbosity verbosity = Verbosity.Normal, string? cost = null)
    {
        var stage = StageNames.Parse(status.Stage);
        return Phrases.Blocks(
            $"**{Headline(stage, status)}**",
            Progress(stage, status),
            Detail(status),
            waiting is null ? null : Waits(waiting),
            verbosity == Verbosity.Quiet ? TaskCount(status) : Tasks(status),
            Decided(status),
            cost,
            Footer(stage, source));
    }

    private static string Headline(RunStage? stage, SquadRunStatus status) => stage switch
    {
        RunStage.Triage => "AgentSquad is reading this ticket",
        RunStage.Clarify => "AgentSquad has questions about this ticket",
        RunStage.Plan => "AgentSquad is planning the work",
        RunStage.Approve => "AgentSquad's plan waits for a decision",
        RunStage.Work => "AgentSquad is working on this ticket",
        RunStage.Verify => "AgentSquad is checking the acceptance criteria",
        RunStage.Deliver => "AgentSquad has finished its work on this ticket",
        RunStage.Failed => "AgentSquad could not finish its work on this ticket",
        RunStage.Stopped => "AgentSquad was stopped on this ticket",
        _ => $"AgentSquad: {MarkdownText.Inline(status.Stage, 40)}",
    };

    private static string? Progress(RunStage? stage, SquadRunStatus status)
    {
        if (stage is null)
        {
            return null;
        }

        var path = string.Join(" › ", Path(status).Select((name, i) => i == Path(status).Count - 1 ? $"**{name}**" : name));
        if (stage is RunStage.Failed or RunStage.Stopped)
        {
            return path;
        }

        var percent = RunProgress.Percent(stage.Value, status.Tasks);
        var full = percent * BarLength / 100;
        return $"{new string('▰', full)}{new string('▱', BarLength - full)} {percent}% · {path}";
    }

    // Triage and Clarify, or Work and Verify, may alternate; each name is shown once, the present one last.
    private static List<string> Path(SquadRunStatus status)
    {
        var names = status.Stages.Where(name => name != status.Stage && StageNames.Parse(name) is not null).Distinct().ToList();
        names.Add(status.Stage);
        return names;
    }

    private static string? Detail(SquadRunStatus status) =>
        MarkdownText.Inline(status.Detail, 600) is { Length: > 0 } detail ? detail : null;

    private static string Waits(Waiting waiting) =>
        $"Waiting for {MarkdownText.Inline(waiting.Whom, 80)} since {Phrases.Time(waiting.Since)}: {MarkdownText.Inline(waiting.What, 200)}.";

    private static string? Tasks(SquadRunStatus status)
    {
        if (status.Tasks.Count == 0)
        {
            return null;
        }

        var lines = status.Tasks.Take(MostTasks).Select(task =>
            $"- {Sign(task.State)} **{MarkdownText.Inline(task.Id, 20)}** {MarkdownText.Inline(task.Title, 120)} · " +
            $"{MarkdownText.Inline(RoleNames.Of(task.Role), 40)} · {StateName(task.State)}");
        return Phrases.Lines(status.Tasks.Count > MostTasks
            ? lines.Append($"- and {Phrases.Count(status.Tasks.Count - MostTasks, "more task")}")
            : lines);
    }

    private static string? Decided(SquadRunStatus status) => status.Decisions is { Count: > 0 } decisions
        ? $"Decided: {string.Join("; ", decisions.TakeLast(MostDecisions).Select(decision => MarkdownText.Inline(decision, 120)))}."
        : null;

    private static string? TaskCount(SquadRunStatus status)
    {
        var done = status.Tasks.Count(task => task.State == nameof(TaskState.Completed));
        return status.Tasks.Count == 0 ? null : $"{done} of {Phrases.Count(status.Tasks.Count, "task")} done.";
    }

    private static string Sign(string state) => state switch
    {
        nameof(TaskState.Completed) => "✓",
        nameof(TaskState.InProgress) or nameof(TaskState.InReview) => "▸",
        nameof(TaskState.Blocked) or nameof(TaskState.Failed) => "!",
        _ => "·",
    };

    private static string StateName(string state) => state switch
    {
        nameof(TaskState.Pending) => "to do",
        nameof(TaskState.InProgress) => "in progress",
        nameof(TaskState.InReview) => "in review",
        nameof(TaskState.Blocked) => "waits for a person",
        nameof(TaskState.Completed) => "done",
        nameof(TaskState.Failed) => "failed",
        _ => MarkdownText.Inline(state, 40),
    };

    private static string Footer(RunStage? stage, string source) => stage is RunStage.Deliver or RunStage.Stopped
        ? Phrases.Source(source)
        : $"{Phrases.Source(source)} `/squad help` in a new comment lists what you can say.";
}
