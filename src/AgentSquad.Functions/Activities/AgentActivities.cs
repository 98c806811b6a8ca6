using System.Security.Cryptography;
using System.Text;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>What the squad's agents do. Each result is stored under the step's key first, so that a repeated activity finds it.</summary>
internal sealed class AgentActivities(ISquadAgents agents, ArtifactStore artifacts, AgentCalls calls, IOptions<SquadOptions> options)
{
    private const int LongestReason = 300;

    /// <summary>The project manager judges whether the ticket is ready.</summary>
    [Function(nameof(Triage))]
    public Task<TriageCard> Triage([ActivityTrigger] TriageInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var step = input.Run.Key($"triage/{input.Round}");
        var snapshot = await artifacts.GetAsync<TicketSnapshot>(input.Run.InstanceId, input.TicketStep, context.CancellationToken);
        var result = await DoAsync(input.Run, step, SquadRole.ProjectManager, (named, token) => agents.TriageAsync(
            named, new TriageRequest(snapshot.Ticket, snapshot.Conversation), token), context.CancellationToken);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', result.Questions))))[..16];
        return new TriageCard(
            step, result.Verdict, Cut(result.Reason), result.Questions.Count, fingerprint, snapshot.Ticket.Reporter?.DisplayName ?? "the reporter");
    });

    /// <summary>The tech lead splits the work.</summary>
    [Function(nameof(Plan))]
    public Task<PlanCard> Plan([ActivityTrigger] PlanInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var step = input.Run.Key($"plan/{input.Round}");
        var snapshot = await artifacts.GetAsync<TicketSnapshot>(input.Run.InstanceId, input.TicketStep, context.CancellationToken);
        var triage = await artifacts.GetAsync<TriageResult>(input.Run.InstanceId, input.TriageStep, context.CancellationToken);
        var plan = await DoAsync(input.Run, step, SquadRole.TechLead, (named, token) => agents.PlanAsync(
            named, new PlanRequest(snapshot.Ticket, triage, snapshot.All, input.Revision), token), context.CancellationToken);
        if (PlanCheck.WhyUnusable(plan) is { } problem) throw new PermanentStepException($"The plan cannot be worked on. {problem}");
        return new PlanCard(step, plan.Complexity, [.. plan.Tasks.Select(task => new TaskCard
        {
            Id = task.Id, Title = Cut(task.Title), Role = task.Role, DependsOn = task.DependsOn,
        })], options.Value.ToApprovalPolicy().WhyNeeded(snapshot.Ticket, plan));
    });

    /// <summary>A role does its task, or does it again after a review.</summary>
    [Function(nameof(Implement))]
    public Task<OutputCard> Implement([ActivityTrigger] ImplementInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var (task, instance) = (input.Task, input.Task.Run.InstanceId);
        // Each answer leads to another try of the same round.
        var step = task.Run.Key($"{task.Prefix}/implement/{input.Round}{(input.AnswerSteps.Count > 0 ? $"-{input.AnswerSteps.Count}" : "")}");
        var output = await DoAsync(task.Run, step, task.Task.Role, async (named, token) =>
        {
            var snapshot = await artifacts.GetAsync<TicketSnapshot>(instance, task.TicketStep, token);
            var plan = await artifacts.GetAsync<SquadPlan>(instance, task.PlanStep, token);
            var inputs = await GetAllAsync<TaskOutput>(instance, task.InputSteps, token);
            var request = new ImplementRequest(
                snapshot.Ticket, plan, Find(plan, task), inputs, input.Round, await FeedbackAsync(input, token), snapshot.Conversation)
            {
                Answers = await GetAllAsync<RoleAnswer>(instance, input.AnswerSteps, token),
            };
            return await agents.ImplementAsync(named, request, token);
        }, context.CancellationToken);
        return new OutputCard(step, output.Question is { } question ? new QuestionCard(question.Type, Cut(question.Text)) : null);
    });

    /// <summary>A role answers another role's question, or says that it cannot.</summary>
    [Function(nameof(Answer))]
    public Task<AnswerCard> Answer([ActivityTrigger] AnswerInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var (task, instance) = (input.Task, input.Task.Run.InstanceId);
        var step = task.Run.Key($"{task.Prefix}/answer/{input.Number}/{input.Responder}");
        var asked = await artifacts.GetAsync<TaskOutput>(instance, input.QuestionStep, context.CancellationToken);
        var question = asked.Question ?? throw new InvalidOperationException($"The output {input.QuestionStep} asks nothing.");
        var answer = await DoAsync(task.Run, step, input.Responder, async (named, token) =>
        {
            var snapshot = await artifacts.GetAsync<TicketSnapshot>(instance, task.TicketStep, token);
            var plan = await artifacts.GetAsync<SquadPlan>(instance, task.PlanStep, token);
            var result = await agents.AnswerAsync(named, new AnswerRequest(snapshot.Ticket, plan, Find(plan, task), question, snapshot.All), token);
            return new RoleAnswer(question, input.Responder, result.Text ?? "");
        }, context.CancellationToken);
        return new AnswerCard(step, answer.Text.Length > 0);
    });

    /// <summary>The tech lead reviews an output.</summary>
    [Function(nameof(Review))]
    public Task<ReviewCard> Review([ActivityTrigger] ReviewInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var (task, instance) = (input.Task, input.Task.Run.InstanceId);
        var step = task.Run.Key($"{task.Prefix}/review/{input.Round}");
        var result = await DoAsync(task.Run, step, SquadRole.TechLead, async (named, token) =>
        {
            var snapshot = await artifacts.GetAsync<TicketSnapshot>(instance, task.TicketStep, token);
            var plan = await artifacts.GetAsync<SquadPlan>(instance, task.PlanStep, token);
            var output = await artifacts.GetAsync<TaskOutput>(instance, input.OutputStep, token);
            return await agents.ReviewAsync(named, new ReviewRequest(snapshot.Ticket, Find(plan, task), output, input.Round), token);
        }, context.CancellationToken);
        return new ReviewCard(step, result.Verdict, Cut(result.Reasons.Count > 0 ? result.Reasons[0] : ""));
    });

    /// <summary>QA checks every acceptance criterion.</summary>
    [Function(nameof(Verify))]
    public Task<VerifyCard> Verify([ActivityTrigger] VerifyInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var instance = input.Run.InstanceId;
        var step = input.Run.Key($"verify/{input.Round}");
        var plan = await artifacts.GetAsync<SquadPlan>(instance, input.PlanStep, context.CancellationToken);
        var result = await DoAsync(input.Run, step, SquadRole.Tester, async (named, token) =>
        {
            var snapshot = await artifacts.GetAsync<TicketSnapshot>(instance, input.TicketStep, token);
            var triage = await artifacts.GetAsync<TriageResult>(instance, input.TriageStep, token);
            var outputs = await GetAllAsync<TaskOutput>(instance, input.OutputSteps, token);
            return await agents.VerifyAsync(named, new VerifyRequest(snapshot.Ticket, triage.AcceptanceCriteria, plan, outputs), token);
        }, context.CancellationToken);
        var gaps = result.Criteria.Where(criterion => !criterion.Met).Select(criterion => criterion.TaskId).OfType<string>();
        return new VerifyCard(
            step, result.Verdict, Cut(result.Summary), [.. plan.Tasks.Select(task => task.Id).Intersect(gaps, StringComparer.Ordinal)]);
    });

    private Task<T> DoAsync<T>(
        RunRef run, string step, SquadRole role, Func<AgentStep, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class => artifacts.GetOrAddAsync(
            run.InstanceId,
            step,
            () => calls.RunAsync(run, token => ask(new AgentStep(run.InstanceId, step, role), token), cancellationToken),
            cancellationToken);

    private async Task<IReadOnlyList<string>> FeedbackAsync(ImplementInput input, CancellationToken cancellationToken)
    {
        var feedback = new List<string>();
        var (task, instance) = (input.Task, input.Task.Run.InstanceId);
        if (task.Task.Request is { } request) feedback.Add(request);
        if (task.VerifyStep is not null)
        {
            var verification = await artifacts.GetAsync<VerificationResult>(instance, task.VerifyStep, cancellationToken);
            feedback.AddRange(verification.Criteria
                .Where(criterion => !criterion.Met && criterion.TaskId == task.Task.Id)
                .Select(criterion => $"{criterion.Criterion}: {criterion.Detail}"));
        }

        foreach (var review in await GetAllAsync<ReviewResult>(instance, input.ReviewSteps, cancellationToken)) feedback.AddRange(review.Reasons);
        return feedback;
    }

    private async Task<IReadOnlyList<T>> GetAllAsync<T>(string instance, IReadOnlyList<string> steps, CancellationToken cancellationToken)
        where T : class =>
        await Task.WhenAll(steps.Select(step => artifacts.GetAsync<T>(instance, step, cancellationToken)));

    private static PlannedTask Find(SquadPlan plan, SquadTaskInput task) => plan.Tasks.Single(planned => planned.Id == task.Task.Id);

    private static string Cut(string text) => text.Length > LongestReason ? text[..(LongestReason - 1)] + "…" : text;
}
