using System.Globalization;
using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Prompts;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Models;

/// <summary>A squad of language models: each step asks its role's model for a typed result and checks it.</summary>
internal sealed class LlmSquadAgents(TypedQuestions questions, IOptions<AgentsOptions> options) : ISquadAgents
{
    /// <inheritdoc />
    public string Source { get; } = string.Create(CultureInfo.InvariantCulture, $"{options.Value.Model} ({options.Value.Provider})");

    /// <inheritdoc />
    public bool ReadsFiles => true;

    /// <inheritdoc />
    public Task<TriageResult> TriageAsync(AgentStep step, TriageRequest request, CancellationToken cancellationToken) =>
        questions.AskAsync<TriageResult, TriageResult>(
            new Question(step, Project(request.Ticket), "triage", "Triage", [Material.Ticket(request.Ticket, 1), .. Material.Notes(request.Conversation, 2), .. Material.Files(request.Ticket, 3)]),
            answer => answer,
            AnswerChecks.Of,
            cancellationToken);

    /// <inheritdoc />
    public Task<SquadPlan> PlanAsync(AgentStep step, PlanRequest request, CancellationToken cancellationToken) =>
        questions.AskAsync<SquadPlan, SquadPlan>(
            new Question(step, Project(request.Ticket), "plan", "Plan",
            [
                Material.Ticket(request.Ticket), .. Material.Triage(request.Triage), .. Material.Notes(request.Conversation, 4),
                .. Material.Files(request.Ticket, 5), .. request.Revision is { } why ? Material.List("why a person asked for another plan", [why], 1) : [],
            ]),
            answer => answer with
            {
                Tasks = [.. answer.Tasks.Select(task => task with
                {
                    AcceptanceCriteria = [.. task.AcceptanceCriteria.Select(criterion => WordForWord.Of(request.Triage.AcceptanceCriteria, criterion))],
                })],
            },
            answer => AnswerChecks.Of(answer, request.Triage.AcceptanceCriteria),
            cancellationToken);

    /// <inheritdoc />
    public Task<TaskOutput> ImplementAsync(AgentStep step, ImplementRequest request, CancellationToken cancellationToken) =>
        questions.AskAsync<TaskAnswer, TaskOutput>(
            new Question(step, Project(request.Ticket), request.Task.Id, "Implement",
            [
                Material.Ticket(request.Ticket), Material.Plan(request.Plan, 4), .. Material.Task(request.Task),
                .. Material.List("feedback to deal with", request.Feedback, 1), .. Material.Notes(request.Notes, 3),
                .. Material.Answers(request.Answers), .. Material.Files(request.Ticket, 4),
                .. request.Inputs.Select(output => Material.Output(output, 5)),
            ]),
            answer => new TaskOutput(request.Task.Id, answer.Summary, answer.Content, [.. answer.Evidence.Select(evidence =>
                evidence with { Criterion = WordForWord.Of(request.Task.AcceptanceCriteria, evidence.Criterion) })])
            {
                Question = answer.Question,
            },
            AnswerChecks.Of,
            cancellationToken);

    /// <inheritdoc />
    public async Task<AnswerResult> AnswerAsync(AgentStep step, AnswerRequest request, CancellationToken cancellationToken)
    {
        var answer = await questions.AskAsync<HelpAnswer, HelpAnswer>(
            new Question(step, Project(request.Ticket), request.Task.Id, "Answer",
            [
                Material.Ticket(request.Ticket), Material.Plan(request.Plan, 3), .. Material.Task(request.Task),
                .. Material.List($"the question of the {RoleNames.Of(request.Task.Role)}", [request.Question.Text], 1), .. Material.Notes(request.Notes, 2),
                .. Material.Files(request.Ticket, 4),
            ]),
            answer => answer,
            AnswerChecks.Of,
            cancellationToken);
        return answer.CanHelp ? new AnswerResult(answer.Text) : AnswerResult.CannotHelp;
    }

    /// <inheritdoc />
    public Task<ReviewResult> ReviewAsync(AgentStep step, ReviewRequest request, CancellationToken cancellationToken) =>
        questions.AskAsync<ReviewResult, ReviewResult>(
            new Question(step, Project(request.Ticket), request.Task.Id, "Review",
                [Material.Ticket(request.Ticket, 3), .. Material.Task(request.Task), Material.Output(request.Output, 2), .. Material.Files(request.Ticket, 4)]),
            answer => answer,
            AnswerChecks.Of,
            cancellationToken);

    /// <inheritdoc />
    public Task<VerificationResult> VerifyAsync(AgentStep step, VerifyRequest request, CancellationToken cancellationToken) =>
        questions.AskAsync<VerificationResult, VerificationResult>(
            new Question(step, Project(request.Ticket), "verify", "Verify",
            [
                Material.Ticket(request.Ticket, 3), .. Material.List("acceptance criteria of the ticket", request.AcceptanceCriteria, 1),
                Material.Plan(request.Plan, 2), .. request.Outputs.Select(output => Material.Output(output, 4)),
                .. Material.Files(request.Ticket, 5),
            ]),
            answer => answer with
            {
                Criteria = [.. answer.Criteria.Select(result => result with { Criterion = WordForWord.Of(request.AcceptanceCriteria, result.Criterion) })],
            },
            answer => AnswerChecks.Of(answer, request),
            cancellationToken);

    private static string Project(Ticket ticket) => $"{ticket.Site}/{ticket.ProjectKey}";
}
