using AgentSquad.Agents.Offline.Checks;
using AgentSquad.Agents.Offline.Planning;
using AgentSquad.Agents.Offline.Questions;
using AgentSquad.Agents.Offline.Triage;
using AgentSquad.Agents.Offline.Work;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline;

/// <summary>
/// A squad of rules: no model, no network, no cost. The same ticket has the same answers everywhere and at every time. What it produces is
/// analysis, specification and test design; it writes no code and says so.
/// </summary>
public sealed class OfflineSquadAgents : ISquadAgents
{
    /// <inheritdoc />
    public string Source => "offline rules";

    /// <inheritdoc />
    public Task<TriageResult> TriageAsync(AgentStep step, TriageRequest request, CancellationToken cancellationToken) =>
        Answer(() => TriageRules.Judge(request), cancellationToken);

    /// <inheritdoc />
    public Task<SquadPlan> PlanAsync(AgentStep step, PlanRequest request, CancellationToken cancellationToken) =>
        Answer(() => PlanRules.Plan(request), cancellationToken);

    /// <inheritdoc />
    public Task<TaskOutput> ImplementAsync(AgentStep step, ImplementRequest request, CancellationToken cancellationToken) =>
        Answer(
            () => QuestionRules.Find(request) is { } question
                ? new TaskOutput(request.Task.Id, "Waits for an answer", "", []) { Question = question }
                : TaskWriter.Write(request),
            cancellationToken);

    /// <inheritdoc />
    public Task<AnswerResult> AnswerAsync(AgentStep step, AnswerRequest request, CancellationToken cancellationToken) =>
        Answer(() => QuestionRules.Answer(request), cancellationToken);

    /// <inheritdoc />
    public Task<ReviewResult> ReviewAsync(AgentStep step, ReviewRequest request, CancellationToken cancellationToken) =>
        Answer(() => ReviewRules.Review(request), cancellationToken);

    /// <inheritdoc />
    public Task<VerificationResult> VerifyAsync(AgentStep step, VerifyRequest request, CancellationToken cancellationToken) =>
        Answer(() => VerificationRules.Verify(request), cancellationToken);

    private static Task<T> Answer<T>(Func<T> rules, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(rules());
    }
}
