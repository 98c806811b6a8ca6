using AgentSquad.Core.Commands;
using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
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
        await CatchUpAsync();
        state.TriageRound++;
        var triage = await _desk.AskAsync<TriageCard>(
            nameof(AgentActivities.Triage), new TriageInput(_desk.Run, state.TicketStep, state.TriageRound));
        state.TriageStep = triage.Step;
        switch (triage.Verdict)
        {
            case TriageVerdict.Unclear:
                state.Questions = new Questions(triage.Questions, triage.Fingerprint, triage.Reporter);
                return RunStage.Clarify;
            case TriageVerdict.NotFeasible:
                throw RunEndedException.Failed(triage.Reason, "Change what the ticket asks for, then start the squad again.");
            default:
                state.Wait = null;
                return RunStage.Plan;
        }
    }

    /// <summary>Asks the reporter and waits, without cost, for an answer or an edit.</summary>
    private async Task<RunStage?> Clarify()
    {
        var questions = state.Questions ?? throw new InvalidOperationException("There is nothing to ask.");
        if (state.Stages.LastOrDefault() != StageNames.Clarify) await _desk.EnterAsync(RunStage.Clarify);
        if (state.Wait?.Fingerprint != questions.Fingerprint)
        {
            // Talk that leaves the same questions open is no reason to ask them again.
            if (++state.Clarifications > state.Policy.MaxClarifications)
            {
                throw RunEndedException.GaveUp(
                    $"The ticket is still not clear after {state.Policy.MaxClarifications} rounds of questions.", "Rewrite the ticket, then start the squad again.");
            }

            await _desk.CallAsync<string>(
                nameof(CommentActivities.PublishQuestions),
                new QuestionsInput(_desk.Run, state.TicketStep, state.TriageStep, state.Clarifications));
            Ask($"question/{state.Clarifications}", questions.Reporter, $"answers to {Count(questions.Number, "question")}", needs: false, questions.Fingerprint);
        }

        return await AnsweredAsync(() => state.HasNotes || state.WasEdited)
            ? RunStage.Triage
            : throw RunEndedException.GaveUp(
                "Nobody answered the questions on the ticket.", "Answer them in a comment, then continue with `/squad retry`.");
    }

    /// <summary>Splits the ticket into tasks for roles.</summary>
    private async Task<RunStage?> Plan()
    {
        await _desk.EnterAsync(RunStage.Plan);
        if (state.WasEdited) return RunStage.Triage;
        await CatchUpAsync();
        await WriteSpecificationAsync();
        state.PlanRound++;
        var plan = await _desk.AskAsync<PlanCard>(
            nameof(AgentActivities.Plan), new PlanInput(_desk.Run, state.TicketStep, state.TriageStep, state.PlanRound, state.Revision));
        state.PlanStep = plan.Step;
        state.Tasks = [.. plan.Tasks];
        state.Revision = null;
        return plan.NeedsApproval is null ? RunStage.Work : RunStage.Approve;
    }

    /// <summary>Waits for a person's decision about the plan.</summary>
    private async Task<RunStage?> Approve()
    {
        if (state.Wait is null)
        {
            await _desk.EnterAsync(RunStage.Approve);
            var card = await _desk.CallAsync<AskCard>(nameof(CommentActivities.PublishApproval), new ApprovalInput(
                _desk.Run, state.TicketStep, state.PlanStep, state.PlanRound, Until()));
            Ask($"approval/{state.PlanRound}", card.Whom, "a decision about the plan", needs: true);
        }

        if (!await AnsweredAsync(() => state.Decision is not null || state.WasEdited))
        {
            state.Wait = null;
            return state.Policy.ApprovesOnTimeout
                ? RunStage.Work
                : throw RunEndedException.GaveUp("Nobody decided about the plan in time.", "Continue with `/squad retry`, or stop here.");
        }

        // Whoever decided did so about a ticket that asks for something else now.
        if (TakeDecision() is not { } decision || state.WasEdited) return RunStage.Triage;
        if (decision.Command == CommandKind.Approve) return RunStage.Work;
        // The old plan stays among the artifacts.
        state.Revision = decision.Reason;
        return RunStage.Plan;
    }

    /// <summary>Does the tasks, as parallel as they allow.</summary>
    private async Task<RunStage?> Work()
    {
        if (state.Stage != RunStage.Work || state.Wait is null)
        {
            await _desk.EnterAsync(RunStage.Work);
            await MoveToAsync(state.Policy.StatusNames.Work);
            await PutOnBoardAsync();
        }

        var board = new TaskBoard(context, state, _desk, CatchUpAsync);
        while (true)
        {
            await board.WorkAsync();
            if (state.Tasks.FirstOrDefault(task => task.State == TaskState.Blocked) is not { } blocked) return RunStage.Verify;
            if (blocked.Question is not null)
            {
                await AnswerAsync(blocked);
                board.Replace(SentBack(blocked) with { Question = null, Problem = null });
                continue;
            }

            var decision = await DecideAsync($"task/{blocked.Id}/{blocked.Pass}", $"Task {blocked.Id}, {blocked.Title}: {blocked.Problem}");
            board.Replace(decision.Command == CommandKind.Approve
                ? blocked with { State = TaskState.Completed, Problem = null }
                : SentBack(blocked) with { Request = decision.Reason, Problem = null });
        }
    }

    /// <summary>Checks every acceptance criterion; gaps go back to work once, then to a person.</summary>
    private async Task<RunStage?> Verify()
    {
        if (state.Stage != RunStage.Verify || state.Wait is null)
        {
            await _desk.EnterAsync(RunStage.Verify);
            await MoveToAsync(state.Policy.StatusNames.Verify);
            await CatchUpAsync();
            state.VerifyRound++;
            var result = await _desk.AskAsync<VerifyCard>(nameof(AgentActivities.Verify), new VerifyInput(
                _desk.Run, state.TicketStep, state.TriageStep, state.PlanStep, OutputSteps(), state.VerifyRound));
            state.VerifyStep = result.Step;
            state.Verified = result;
        }

        var verified = state.Verified ?? throw new InvalidOperationException("There is no result to look at.");
        if (verified.Verdict == VerificationVerdict.Approved) return RunStage.Deliver;
        var canFix = verified.Verdict == VerificationVerdict.NeedsFixes && verified.TasksWithGaps.Count > 0;
        if (!canFix || state.SentBack)
        {
            var decision = await DecideAsync($"verify/{state.VerifyRound}", $"The result does not meet every acceptance criterion. {verified.Summary}");
            if (decision.Command == CommandKind.Approve) return RunStage.Deliver;
            SendBack(canFix ? verified.TasksWithGaps : [.. state.Tasks.Select(task => task.Id)], decision.Reason);
            return RunStage.Work;
        }

        state.SentBack = true;
        SendBack(verified.TasksWithGaps, request: null);
        return RunStage.Work;
    }

    /// <summary>Hands over the result.</summary>
    private async Task<RunStage?> Deliver()
    {
        await _desk.EnterAsync(RunStage.Deliver);
        var delivery = new DeliveryInput(_desk.Run, state.TicketStep, state.TriageStep, state.PlanStep, OutputSteps(), state.VerifyStep);
        List<Artifact> artifacts = [];
        if (state.Policy.Attaches) artifacts.AddRange((await _desk.CallAsync<ArtifactsCard>(nameof(DeliveryActivities.AttachOutputs), delivery)).Artifacts);
        if (state.Policy.WritesPage) artifacts.AddRange((await _desk.CallAsync<ArtifactsCard>(nameof(DeliveryActivities.PublishPage), delivery)).Artifacts);
        await _desk.CallAsync<string>(nameof(CommentActivities.PublishDelivery), delivery with { Artifacts = artifacts });
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
        await ExplainAsync(end, stage);
        await _desk.WriteStatusAsync(now: true);
    }

    /// <summary>Ends a run that is not to go on.</summary>
    private async Task Stopped(RunEndedException end)
    {
        var stage = state.Stage;
        Enter(RunStage.Stopped, end.Message);
        if (end.IsSilent) return;
        if (end.NeedsPerson) await ExplainAsync(end, stage);
        await _desk.WriteStatusAsync(now: true);
    }

    private Task<string> ExplainAsync(RunEndedException end, RunStage stage)
    {
        string[] kept = [.. state.Tasks.Where(task => task.State == TaskState.Completed).Select(task => $"{task.Id} {task.Title}")];
        return _desk.CallAsync<string>(
            nameof(CommentActivities.PublishFailure), new FailureInput(_desk.Run, stage, end.Message, kept, end.WhatToDo, state.Attempt));
    }

    private void Enter(RunStage end, string detail)
    {
        (state.Stage, state.Detail) = (end, detail);
        state.Stages.Add(StageNames.Of(end));
        _desk.Show();
    }

    private async Task WriteSpecificationAsync()
    {
        // Only what the reporter was asked about; otherwise the ticket says it all itself.
        if (!state.Policy.WritesSpecification || state.Clarifications == 0 || state.Specified == state.TriageStep) return;
        await _desk.CallAsync<StatusCard>(
            nameof(DeliveryActivities.WriteSpecification), new SpecificationInput(_desk.Run, state.TicketStep, state.TriageStep));
        state.Specified = state.TriageStep;
    }

    private async Task PutOnBoardAsync()
    {
        if (!state.Policy.HasSubTasks || state.Tasks.TrueForAll(task => task.Subtask is not null)) return;
        var card = await _desk.CallAsync<SubtasksCard>(
            nameof(BoardActivities.EnsureSubtasks), new SubtasksInput(_desk.Run, state.Key, state.PlanStep, state.PlanRound));
        state.Tasks = [.. state.Tasks.Select(task => task with { Subtask = card.Ids.GetValueOrDefault(task.Id) })];
        state.Detail = card.Problem ?? state.Detail;
    }

    private async Task MoveToAsync(string statusName)
    {
        if (statusName.Length == 0) return;
        // Noted before it happens: the site's event about it may be faster than the answer.
        if (!state.MovedTo.Contains(statusName)) state.MovedTo.Add(statusName);
        var card = await _desk.CallAsync<StatusCard>(nameof(TicketActivities.EnsureStatus), new StatusNameInput(_desk.Run, statusName));
        state.Detail = card.Problem;
    }

    // What was built on an output that changes is built again on the new one. Only the tasks that were sent back are told why.
    private void SendBack(IReadOnlyList<string> ids, string? request)
    {
        var dependents = state.Policy.RedoesDependents ? TaskGraph.Dependents(state.Tasks, ids) : [];
        state.Tasks =
        [
            .. state.Tasks.Select(task => ids.Contains(task.Id) ? SentBack(task) with { Request = request } : dependents.Contains(task) ? SentBack(task) : task),
        ];
    }

    private string[] OutputSteps() => [.. state.Tasks.Select(task => task.OutputStep).OfType<string>()];

    private static TaskCard SentBack(TaskCard task) => task with { State = TaskState.Pending, Pass = task.Pass + 1 };
}
