namespace AgentSquad.Core.Squad;

/// <summary>
/// The agents' side of the workflow: one method per step. The workflow does not know what answers, rules or a model.
/// </summary>
/// <remarks>
/// An implementation throws <see cref="AgentException"/> when it cannot answer. Every call may be repeated with the same input (activities
/// run at least once); an implementation that costs money stores its answers under <see cref="AgentStep.Key"/>.
/// </remarks>
public interface ISquadAgents
{
    /// <summary>What answers, in words fit for a ticket, such as <c>offline rules</c> or a model's name.</summary>
    string Source { get; }

    /// <summary>Whether the agents read the files on a ticket; otherwise nobody fetches them. Default is false.</summary>
    bool ReadsFiles => false;

    /// <summary>Judges whether the ticket is ready to be worked on.</summary>
    Task<TriageResult> TriageAsync(AgentStep step, TriageRequest request, CancellationToken cancellationToken);

    /// <summary>Splits the ticket into tasks for roles.</summary>
    Task<SquadPlan> PlanAsync(AgentStep step, PlanRequest request, CancellationToken cancellationToken);

    /// <summary>Does one task, or does it again after a review.</summary>
    Task<TaskOutput> ImplementAsync(AgentStep step, ImplementRequest request, CancellationToken cancellationToken);

    /// <summary>Reviews one task's output.</summary>
    Task<ReviewResult> ReviewAsync(AgentStep step, ReviewRequest request, CancellationToken cancellationToken);

    /// <summary>Checks every acceptance criterion against what the tasks produced.</summary>
    Task<VerificationResult> VerifyAsync(AgentStep step, VerifyRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Answers another role's question as the step's role, or says that the role cannot help. A squad whose roles never ask need not answer.
    /// </summary>
    Task<AnswerResult> AnswerAsync(AgentStep step, AnswerRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(AnswerResult.CannotHelp);
}

/// <summary>Names one call of an agent, for its record, its budget and its stored answer.</summary>
/// <param name="InstanceId">Instance id of the run.</param>
/// <param name="Key">Deterministic key of the step within the run, such as <c>work/T2/implement/1</c>; also the artifact's blob name.</param>
/// <param name="Role">Role that acts.</param>
public sealed record AgentStep(string InstanceId, string Key, SquadRole Role);

/// <summary>An agent could not answer. The message is fit for a ticket and holds no secret.</summary>
public sealed class AgentException : Exception
{
    /// <summary>Creates the exception.</summary>
    public AgentException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Fit for a ticket; no secret.</param>
    public AgentException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Fit for a ticket; no secret.</param>
    /// <param name="innerException">The cause.</param>
    public AgentException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether the same call may succeed later. Default is false.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether a budget does not allow the call: a person may extend it, and the same call succeeds then. Default is false.</summary>
    public bool NeedsBudget { get; init; }
}
