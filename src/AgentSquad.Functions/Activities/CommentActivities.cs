using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.Functions.Activities;

/// <summary>What the squad writes on the ticket: each comment once, whatever happens in between.</summary>
internal sealed class CommentActivities(ITicketEffects effects, ISquadAgents agents, ArtifactStore artifacts)
{
    /// <summary>Writes the status comment, or edits it.</summary>
    [Function(nameof(PublishStatus))]
    public Task<string> PublishStatus([ActivityTrigger] StatusInput input, FunctionContext context) => EnsureAsync(
        input.Run, "status", CommentKinds.Status, StatusComment.Render(input.Status, agents.Source, input.Waiting), context, input.CommentId);

    /// <summary>Asks what has to be known before work can start.</summary>
    [Function(nameof(PublishQuestions))]
    public async Task<string> PublishQuestions([ActivityTrigger] QuestionsInput input, FunctionContext context)
    {
        var snapshot = await GetAsync<TicketSnapshot>(input.Run, input.TicketStep, context);
        var triage = await GetAsync<TriageResult>(input.Run, input.TriageStep, context);
        return await EnsureAsync(
            input.Run, $"question/{input.Round}", CommentKinds.Question,
            QuestionComment.Render(snapshot.Ticket.Reporter, triage.Reason, triage.Questions, agents.Source), context);
    }

    /// <summary>Hands over the result.</summary>
    [Function(nameof(PublishDelivery))]
    public async Task<string> PublishDelivery([ActivityTrigger] DeliveryInput input, FunctionContext context)
    {
        var plan = await GetAsync<SquadPlan>(input.Run, input.PlanStep, context);
        var triage = await GetAsync<TriageResult>(input.Run, input.TriageStep, context);
        var verification = await GetAsync<VerificationResult>(input.Run, input.VerifyStep, context);
        var outputs = await Task.WhenAll(input.OutputSteps.Select(step => GetAsync<TaskOutput>(input.Run, step, context)));
        var isWeak = triage.Verdict == TriageVerdict.NeedsImprovement;
        return await EnsureAsync(
            input.Run, "delivery", CommentKinds.Delivery,
            DeliveryComment.Render(new Delivery(plan, outputs, verification, isWeak ? [triage.Reason] : [], [], agents.Source)
            {
                Improvements = isWeak ? triage.Improvements : [],
            }),
            context);
    }

    /// <summary>Says what went wrong, what was kept and what to do.</summary>
    [Function(nameof(PublishFailure))]
    public Task<string> PublishFailure([ActivityTrigger] FailureInput input, FunctionContext context) => EnsureAsync(
        input.Run, "failure", CommentKinds.Failure, FailureComment.Render(input.Stage, input.What, input.Kept, input.WhatToDo), context);

    private Task<T> GetAsync<T>(RunRef run, string step, FunctionContext context)
        where T : class =>
        Steps.RunAsync(() => artifacts.GetAsync<T>(run.InstanceId, step, context.CancellationToken));

    private Task<string> EnsureAsync(
        RunRef run, string effect, string kind, string text, FunctionContext context, string? knownCommentId = null) =>
        Steps.RunAsync(() => effects.EnsureCommentAsync(
            run.IssueId, new CommentDraft(text, new CommentEffect(run.Key(effect), run.InstanceId, kind)), knownCommentId, context.CancellationToken));
}
