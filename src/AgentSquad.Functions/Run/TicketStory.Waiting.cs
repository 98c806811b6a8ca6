using AgentSquad.Core.Escalation;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Telemetry;

namespace AgentSquad.Functions.Run;

/// <content>Waiting for people.</content>
internal sealed partial class TicketStory
{
    private void Ask(string topic, string whom, string what, bool needs, string fingerprint = "")
    {
        state.Decision = null;
        state.Wait = new Wait(topic, whom, what, context.CurrentUtcDateTime, Done: 0, needs, fingerprint);
    }

    /// <summary>Waits for an answer; reminds, escalates and gives up at the configured times.</summary>
    /// <returns>False when nobody answered.</returns>
    private async Task<bool> AnsweredAsync(Func<bool> isAnswered)
    {
        var answered = await ListenAsync(isAnswered);
        if (state.Wait is { } wait) RunTelemetry.Waited(context, state.Stage, wait.Asked);
        return answered;
    }

    private async Task<bool> ListenAsync(Func<bool> isAnswered)
    {
        _desk.Show();
        await _desk.WriteStatusAsync(now: true);
        while (true)
        {
            var wait = state.Wait ?? throw new InvalidOperationException("Nothing is waited for.");
            if (ReminderSchedule.Next(wait.Asked, state.Policy.Reminders, wait.Done) is not { } step) return false;
            if (step.Kind == WaitingStepKind.GiveUp) step = step with { At = wait.GiveUpAt(state.Policy.Reminders) };
            if (await _desk.ListenAsync(step.At, IsOver))
            {
                if (state.Paused is null) return true;
                await HoldAsync();
                continue;
            }

            if (state.Policy.LooksWhenDue)
            {
                // After an outage a step is due at once, before the queue has told of what people wrote meanwhile.
                await _desk.ReadInboxAsync(looksAtSite: true);
                if (IsOver()) continue;
            }

            if (!await ActAsync(state.Wait ?? wait, step)) return false;
        }

        bool IsOver() => isAnswered() || state.Paused is not null;
    }

    // False when it is time to give up.
    private async Task<bool> ActAsync(Wait wait, WaitingStep step)
    {
        var now = context.CurrentUtcDateTime;
        if (state.Policy.LooksWhenDue && now - step.At > ReminderSchedule.Grace)
        {
            (step, var done) = ReminderSchedule.CatchUp(wait.Asked, state.Policy.Reminders, wait.Done, wait.Further, now);
            wait = wait with
            {
                Done = done, Further = done == wait.Done ? wait.Further + 1 : wait.Further, NotBefore = now + ReminderSchedule.Period(state.Policy.Reminders),
            };
            await RemindAsync(wait, step);
            state.Wait = wait;
            return true;
        }

        if (step.Kind == WaitingStepKind.GiveUp) return false;
        await RemindAsync(wait, step);
        state.Wait = wait with { Done = wait.Done + 1 };
        return true;
    }

    private Task<string> RemindAsync(Wait wait, WaitingStep step) => _desk.CallAsync<string>(nameof(CommentActivities.PublishReminder), new ReminderInput(
        _desk.Run, state.TicketStep, wait, step.Kind, step.Number, context.CurrentUtcDateTime, state.Policy.Reminders));

    // Nobody is reminded of what is on hold, and nobody loses the time that they had left.
    private async Task HoldAsync()
    {
        var since = context.CurrentUtcDateTime;
        await _desk.HoldAsync();
        var held = context.CurrentUtcDateTime - since;
        if (state.Wait is { } wait) state.Wait = wait with { Asked = wait.Asked + held, NotBefore = wait.NotBefore + held };
    }

    /// <summary>Asks a person to decide about something that the squad cannot settle.</summary>
    private async Task<Decision> DecideAsync(string topic, string problem)
    {
        if (state.Wait?.Topic != topic)
        {
            var card = await _desk.CallAsync<AskCard>(
                nameof(CommentActivities.PublishDecisionRequest), new DecisionInput(_desk.Run, state.TicketStep, topic, problem));
            Ask(topic, card.Whom, "a decision", needs: true);
        }

        return await AnsweredAsync(() => state.Decision is not null)
            ? TakeDecision()!
            : throw RunEndedException.GaveUp($"Nobody decided in time. {problem}", whatToDo: null);
    }

    /// <summary>Asks a person what no role could answer; any answer lets the task go on.</summary>
    private async Task AnswerAsync(TaskCard task)
    {
        var topic = $"task-question/{state.PlanRound}/{task.Id}/{task.Pass}";
        if (state.Wait?.Topic != topic)
        {
            // What was said before the question is no answer to it.
            await CatchUpAsync();
            var card = await _desk.CallAsync<AskCard>(
                nameof(CommentActivities.PublishTaskQuestion), new TaskQuestionInput(_desk.Run, state.TicketStep, topic, task));
            Ask(topic, card.Whom, $"an answer about task {task.Id}", needs: false);
        }

        if (!await AnsweredAsync(() => state.HasNotes || state.WasEdited))
        {
            throw RunEndedException.GaveUp(
                $"Nobody answered the question about task {task.Id}, {task.Title}.", "Answer it in a comment, then continue with `/squad retry`.");
        }

        state.Wait = null;
        await CatchUpAsync();
    }

    private Decision? TakeDecision()
    {
        var decision = state.Decision;
        (state.Decision, state.Wait) = (null, null);
        if (decision is not null) state.Decisions.Add($"{decision.Command} by {decision.By}");
        return decision;
    }

    private DateTimeOffset Until() => new DateTimeOffset(context.CurrentUtcDateTime) + state.Policy.Reminders.GiveUpAfter;

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
