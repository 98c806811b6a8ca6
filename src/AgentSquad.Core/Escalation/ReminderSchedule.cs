namespace AgentSquad.Core.Escalation;

/// <summary>What a run does at a point in time while it waits.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Number">1 for the first of its kind; part of the effect key, so that a reminder is written once.</param>
public sealed record WaitingStep(DateTimeOffset At, WaitingStepKind Kind, int Number);

/// <summary>Kinds of steps while waiting, in the order in which they come at the same point in time.</summary>
public enum WaitingStepKind
{
    /// <summary>Remind the person who was asked.</summary>
    Remind,

    /// <summary>Ask someone else.</summary>
    Escalate,

    /// <summary>End the wait.</summary>
    GiveUp,
}

/// <summary>The steps of one wait, computed from its start alone: a replay or a restart comes to the same points in time.</summary>
public static class ReminderSchedule
{
    private const int MostReminders = 20;

    /// <summary>All steps, earliest first; the last is always <see cref="WaitingStepKind.GiveUp"/>, and nothing follows it.</summary>
    /// <param name="asked">When the question was asked.</param>
    /// <param name="options">The times.</param>
    public static IReadOnlyList<WaitingStep> Of(DateTimeOffset asked, ReminderOptions options)
    {
        var giveUp = Positive(options.GiveUpAfter);
        var reminders = options.RemindAfter.Select(Positive).Where(after => after < giveUp).Distinct().Order().Take(MostReminders)
            .Select((after, i) => new WaitingStep(asked + after, WaitingStepKind.Remind, i + 1));
        var escalation = options is { EscalateAfter: { } after, EscalateTo.Length: > 0 } && Positive(after) < giveUp
            ? [new WaitingStep(asked + Positive(after), WaitingStepKind.Escalate, 1)]
            : Array.Empty<WaitingStep>();
        return [.. reminders.Concat(escalation).OrderBy(step => step.At).ThenBy(step => step.Kind), new(asked + giveUp, WaitingStepKind.GiveUp, 1)];
    }

    /// <summary>The first step that is still to come or to be done.</summary>
    /// <param name="asked">When the question was asked.</param>
    /// <param name="options">The times.</param>
    /// <param name="done">How many steps were done already.</param>
    /// <returns>Null when the wait has been given up.</returns>
    public static WaitingStep? Next(DateTimeOffset asked, ReminderOptions options, int done) => Of(asked, options).Skip(done).FirstOrDefault();

    /// <summary>How late a step comes at most without having been missed: a busy system is late, one that was away is later.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The one step to do for all that were missed, because nobody is reminded twice in a row of the same: asking someone else where that is
    /// among them, otherwise the latest reminder. Giving up is never it; where nothing else was missed, it is a further reminder.
    /// </summary>
    /// <param name="asked">When the question was asked.</param>
    /// <param name="options">The times.</param>
    /// <param name="done">How many steps were done already.</param>
    /// <param name="further">How many further reminders there were already.</param>
    /// <param name="now">The time.</param>
    /// <returns>The step, and how many steps are done with it.</returns>
    public static (WaitingStep Step, int Done) CatchUp(DateTimeOffset asked, ReminderOptions options, int done, int further, DateTimeOffset now)
    {
        var steps = Of(asked, options);
        var missed = steps.Skip(done).Where(step => step.Kind != WaitingStepKind.GiveUp && step.At <= now).ToList();
        var step = missed.Find(step => step.Kind == WaitingStepKind.Escalate)
            ?? missed.LastOrDefault()
            ?? new WaitingStep(now, WaitingStepKind.Remind, steps.Count(step => step.Kind == WaitingStepKind.Remind) + further + 1);
        return (step, done + missed.Count);
    }

    /// <summary>How long people have to answer a reminder at least before the run gives up.</summary>
    /// <param name="options">The times.</param>
    public static TimeSpan Period(ReminderOptions options) =>
        options.RemindAfter.Append(options.GiveUpAfter).Where(after => after > TimeSpan.Zero).DefaultIfEmpty().Min();

    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
