using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Safety;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>What the squad writes on the ticket: each comment once, whatever happens in between.</summary>
internal sealed class CommentActivities(
    ITicketEffects effects, IJiraClient jira, ISquadAgents agents, ArtifactStore artifacts, TicketCosts costs, SecretGuard guard, IOptions<SquadOptions> options)
{
    private Verbosity Verbosity => options.Value.Verbosity;

    /// <summary>Writes the status comment, or edits it.</summary>
    [Function(nameof(PublishStatus))]
    public async Task<string> PublishStatus([ActivityTrigger] StatusInput input, FunctionContext context)
    {
        var cost = await Steps.RunAsync(() => costs.DescribeAsync(
            input.Run.InstanceId, TicketCosts.ProjectOf(input.Status.Site, input.Status.Ticket), context.CancellationToken));
        return await EnsureAsync(
            input.Run, "status", CommentKinds.Status,
            StatusComment.Render(input.Status, agents.Source, input.Waiting, Verbosity, cost), context, input.CommentId);
    }

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

    /// <summary>Asks for a decision about the plan.</summary>
    [Function(nameof(PublishApproval))]
    public async Task<AskCard> PublishApproval([ActivityTrigger] ApprovalInput input, FunctionContext context)
    {
        var snapshot = await GetAsync<TicketSnapshot>(input.Run, input.TicketStep, context);
        var plan = await GetAsync<SquadPlan>(input.Run, input.PlanStep, context);
        var who = options.Value.ToApprovalPolicy().Deciders;
        var mentioned = who.Reporter ? snapshot.Ticket.Reporter : who.Assignee ? snapshot.Ticket.Assignee : null;
        var id = await EnsureAsync(
            input.Run, Again(input.Run, $"approval/{input.Round}"), CommentKinds.Approval,
            ApprovalComment.Render(plan, mentioned is null ? who.Describe() : MentionMarkdown.Of(mentioned), input.Until, agents.Source), context);
        return new AskCard(id, mentioned?.DisplayName ?? who.Describe());
    }

    /// <summary>Asks a person to settle what the squad cannot.</summary>
    [Function(nameof(PublishDecisionRequest))]
    public async Task<AskCard> PublishDecisionRequest([ActivityTrigger] DecisionInput input, FunctionContext context)
    {
        var snapshot = await GetAsync<TicketSnapshot>(input.Run, input.TicketStep, context);
        string[] questions =
        [
            "May the squad take it as it is? Then answer with /squad approve.", "What has to change? Then answer with /squad revise and what.",
        ];
        var id = await EnsureAsync(
            input.Run, $"decision/{input.Topic}", CommentKinds.Question,
            QuestionComment.Render(snapshot.Ticket.Reporter, input.Problem, questions, agents.Source), context);
        return new AskCard(id, snapshot.Ticket.Reporter?.DisplayName ?? "the reporter");
    }

    /// <summary>Asks a person what no role of the squad could answer.</summary>
    [Function(nameof(PublishTaskQuestion))]
    public async Task<AskCard> PublishTaskQuestion([ActivityTrigger] TaskQuestionInput input, FunctionContext context)
    {
        var snapshot = await GetAsync<TicketSnapshot>(input.Run, input.TicketStep, context);
        var question = input.Task.Question ?? throw new InvalidOperationException("The task asks nothing.");
        var id = await EnsureAsync(
            input.Run, input.Topic, CommentKinds.Question,
            QuestionComment.Render(
                snapshot.Ticket.Reporter, $"The {RoleNames.Of(input.Task.Role)} has a question about task {input.Task.Id}, {input.Task.Title}, that the squad could not settle.",
                [question.Text], agents.Source), context);
        return new AskCard(id, snapshot.Ticket.Reporter?.DisplayName ?? "the reporter");
    }

    /// <summary>Asks for more budget, or for another decision.</summary>
    [Function(nameof(PublishBudgetRequest))]
    public async Task<string> PublishBudgetRequest([ActivityTrigger] BudgetRequestInput input, FunctionContext context)
    {
        var snapshot = await GetAsync<TicketSnapshot>(input.Run, input.TicketStep, context);
        string[] questions =
        [
            BudgetRules.CanExtend(input.Problem)
                ? "May this ticket cost more? Then answer with /squad extend 2.00, or another amount."
                : "Shall the limit be raised? Then ask an operator, who can change the setting, or extend it over HTTP.",
            "Shall the run try again without that, for example on another day? Then answer with /squad resume; /squad stop ends it.",
        ];
        return await EnsureAsync(
            input.Run, $"budget/{input.Number}", CommentKinds.Question,
            QuestionComment.Render(snapshot.Ticket.Reporter, input.Problem, questions, agents.Source), context);
    }

    /// <summary>Reminds whoever was asked, or asks someone else as well.</summary>
    [Function(nameof(PublishReminder))]
    public async Task<string> PublishReminder([ActivityTrigger] ReminderInput input, FunctionContext context)
    {
        var snapshot = await GetAsync<TicketSnapshot>(input.Run, input.TicketStep, context);
        var isEscalation = input.Kind == WaitingStepKind.Escalate;
        var person = isEscalation && input.Times.EscalateTo is { } other ? new Person(other, "colleague") : snapshot.Ticket.Reporter;
        var end = input.Wait.GiveUpAt(input.Times);
        var next = end > input.Now ? $"Without an answer the run gives up at {end:yyyy-MM-dd HH:mm} UTC." : "The run gives up now.";
        return await EnsureAsync(
            input.Run, Again(input.Run, $"{(isEscalation ? "escalation" : "reminder")}/{input.Wait.Topic}/{input.Number}"), CommentKinds.Reminder,
            ReminderComment.Render(person, input.Wait.ToWaiting(), input.Now - input.Wait.Asked, next, isEscalation), context);
    }

    /// <summary>Answers a command, where only those can read it who could read the command.</summary>
    [Function(nameof(PublishReply))]
    public async Task<string> PublishReply([ActivityTrigger] ReplyInput input, FunctionContext context)
    {
        var run = input.Run ?? throw new InvalidOperationException("The answer belongs to no run.");
        var text = input.Text ?? StatusComment.Render(
            input.Status ?? throw new InvalidOperationException("There is nothing to answer."), agents.Source, input.Waiting, Verbosity);
        return await Steps.RunAsync(async () =>
        {
            var asked = await jira.GetCommentAsync(run.IssueId, input.CommentId, context.CancellationToken);
            return await EnsureAsync(run, $"reply/{input.CommentId}", CommentKinds.Reply, text, context, visibility: asked?.Visibility);
        });
    }

    /// <summary>Hands over the result.</summary>
    [Function(nameof(PublishDelivery))]
    public async Task<string> PublishDelivery([ActivityTrigger] DeliveryInput input, FunctionContext context)
    {
        var plan = await GetAsync<SquadPlan>(input.Run, input.PlanStep, context);
        var triage = await GetAsync<TriageResult>(input.Run, input.TriageStep, context);
        var verification = await GetAsync<VerificationResult>(input.Run, input.VerifyStep, context);
        var outputs = await Task.WhenAll(input.OutputSteps.Select(step => GetAsync<TaskOutput>(input.Run, step, context)));
        var assumptions = triage.Verdict == TriageVerdict.NeedsImprovement ? triage.Improvements : [];
        return await EnsureAsync(
            input.Run, "delivery", CommentKinds.Delivery,
            DeliveryComment.Render(new Delivery(plan, outputs, verification, assumptions, input.Artifacts, agents.Source), Verbosity), context);
    }

    /// <summary>Says what went wrong, what was kept and what to do.</summary>
    [Function(nameof(PublishFailure))]
    public Task<string> PublishFailure([ActivityTrigger] FailureInput input, FunctionContext context) => EnsureAsync(
        input.Run, $"failure/{input.Attempt}", CommentKinds.Failure,
        FailureComment.Render(input.Stage, input.What, input.Kept, input.WhatToDo), context);

    /// <summary>Says why a command was not done, outside of a run.</summary>
    internal Task<string> RefuseAsync(RunRef run, Signal command, FunctionContext context) => PublishReply(
        new ReplyInput(run, command.CommentId ?? "", ReplyComment.Forbidden(command.Command, command.Refusal ?? ""), Status: null, Waiting: null), context);

    // After a retry the same is asked anew: an edit of the old comment would tell nobody.
    private static string Again(RunRef run, string effect) => run.Attempt > 1 ? $"{effect}/attempt-{run.Attempt}" : effect;

    private Task<T> GetAsync<T>(RunRef run, string step, FunctionContext context)
        where T : class =>
        Steps.RunAsync(() => artifacts.GetAsync<T>(run.InstanceId, step, context.CancellationToken));

    private Task<string> EnsureAsync(
        RunRef run, string effect, string kind, string text, FunctionContext context, string? knownCommentId = null, CommentVisibility? visibility = null) =>
        Steps.RunAsync(() => effects.EnsureCommentAsync(
            run.IssueId, Draft(guard.Clean(text), new CommentEffect(run.Key(effect), run.InstanceId, kind), visibility), knownCommentId, context.CancellationToken));

    // On a project without a service desk the mark changes nothing.
    private CommentDraft Draft(string text, CommentEffect effect, CommentVisibility? visibility) => new(text, effect, visibility)
    {
        IsInternal = options.Value.CustomersSee == CustomerView.Nothing || effect.Kind is not (CommentKinds.Question or CommentKinds.Reminder),
    };
}
