using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;

namespace AgentSquad.Functions.Run;

/// <content>The stages.</content>
internal sealed partial class TicketStory
{
    /// <summary>Reads and judges the ticket.</summary>
    private async Task<RunStage?> Triage()
    {
        await ReadTicketAsync();
        await _desk.EnterAsync(RunStage.Triage);
        state.TriageRound++;
        var triage = await _desk.CallAsync<TriageCard>(
            nameof(AgentActivities.Triage), new TriageInput(_desk.Run, state.TicketStep, state.TriageRound));
        state.TriageStep = triage.Step;
        switch (triage.Verdict)
        {
            case TriageVerdict.Unclear:
                await _desk.CallAsync<string>(
                    nameof(CommentActivities.PublishQuestions),
                    new QuestionsInput(_desk.Run, state.TicketStep, state.TriageStep, state.TriageRound));
                throw RunEndedException.Stopped("The ticket is not clear enough to work on; the questions are in a comment.");
            case TriageVerdict.NotFeasible:
                throw RunEndedException.Failed(triage.Reason, "Change what the ticket asks for, then start the squad again.");
            default:
                return RunStage.Plan;
        }
    }

    /// <summary>Splits the ticket into tasks for roles.</summary>
    private async Task<RunStage?> Plan()
    {
        await _desk.EnterAsync(RunStage.Plan);
        state.PlanRound++;
        var plan = await _desk.CallAsync<PlanCard>(
            nameof(AgentActivities.Plan), new PlanInput(_desk.Run, state.TicketStep, state.TriageStep, state.PlanRound, Revision: null));
        state.PlanStep = plan.Step;
        state.Tasks = [.. plan.Tasks];
        return RunStage.Work;
    }

    /// <summary>Does the tasks, as parallel as they allow.</summary>
    private async Task<RunStage?> Work()
    {
        await _desk.EnterAsync(RunStage.Work);
        await MoveToAsync(state.Policy.StatusNames.Work);
        await new TaskBoard(context, state, _desk).WorkAsync();
        return RunStage.Verify;
    }

    /// <summary>Checks every acceptance criterion; gaps go back to work once.</summary>
    private async Task<RunStage?> Verify()
    {
        await _desk.EnterAsync(RunStage.Verify);
        await MoveToAsync(state.Policy.StatusNames.Verify);
        state.VerifyRound++;
        var result = await _desk.CallAsync<VerifyCard>(nameof(AgentActivities.Verify), new VerifyInput(
            _desk.Run, state.TicketStep, state.TriageStep, state.PlanStep, OutputSteps(), state.VerifyRound));
        state.VerifyStep = result.Step;
        if (result.Verdict == VerificationVerdict.Approved) return RunStage.Deliver;
        if (result.Verdict == VerificationVerdict.NeedsFixes && result.TasksWithGaps.Count > 0 && state.VerifyRound == 1)
        {
            state.Tasks = [.. state.Tasks.Select(task => result.TasksWithGaps.Contains(task.Id) ? SentBack(task) : task)];
            return RunStage.Work;
        }

        throw RunEndedException.Failed($"The result does not meet every acceptance criterion: {result.Summary}");
    }

    /// <summary>Hands over the result.</summary>
    private async Task<RunStage?> Deliver()
    {
        await _desk.EnterAsync(RunStage.Deliver);
        await _desk.CallAsync<string>(nameof(CommentActivities.PublishDelivery), new DeliveryInput(
            _desk.Run, state.TriageStep, state.PlanStep, OutputSteps(), state.VerifyStep));
        await MoveToAsync(state.Policy.StatusNames.Deliver);
        _desk.Show();
        await _desk.WriteStatusAsync(now: true);
        return null;
    }

    /// <summary>Ends a run that cannot go on: what happened, what was kept, what to do.</summary>
    private async Task Failed(RunEndedException end)
    {
        var stage = state.Stage;
        Enter(RunStage.Failed, end.Message);
        string[] kept = [.. state.Tasks.Where(task => task.State == TaskState.Completed).Select(task => $"{task.Id} {task.Title}")];
        await _desk.CallAsync<string>(
            nameof(CommentActivities.PublishFailure), new FailureInput(_desk.Run, stage, end.Message, kept, end.WhatToDo));
        await _desk.WriteStatusAsync(now: true);
    }

    /// <summary>Ends a run that is not to go on.</summary>
    private async Task Stopped(RunEndedException end)
    {
        Enter(RunStage.Stopped, end.Message);
        if (!end.IsSilent) await _desk.WriteStatusAsync(now: true);
    }

    private void Enter(RunStage end, string detail)
    {
        (state.Stage, state.Detail) = (end, detail);
        state.Stages.Add(StageNames.Of(end));
        _desk.Show();
    }

    private async Task MoveToAsync(string statusName)
    {
        if (statusName.Length == 0) return;
        var card = await _desk.CallAsync<StatusCard>(nameof(TicketActivities.EnsureStatus), new StatusNameInput(_desk.Run, statusName));
        state.Detail = card.Problem;
    }

    private string[] OutputSteps() => [.. state.Tasks.Select(task => task.OutputStep).OfType<string>()];

    private static TaskCard SentBack(TaskCard task) => task with { State = TaskState.Pending, Pass = task.Pass + 1 };
}
