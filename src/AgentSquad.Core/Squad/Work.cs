using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Squad;

/// <summary>Input of one task's implementation.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Plan">The whole plan.</param>
/// <param name="Task">The task to do.</param>
/// <param name="Inputs">Outputs of the tasks it depends on.</param>
/// <param name="Round">1 for the first try; one more after each review that asked for changes.</param>
/// <param name="Feedback">What reviewers or verification asked for; empty in round 1.</param>
/// <param name="Notes">What people wrote while the squad worked.</param>
public sealed record ImplementRequest(
    Ticket Ticket,
    SquadPlan Plan,
    PlannedTask Task,
    IReadOnlyList<TaskOutput> Inputs,
    int Round,
    IReadOnlyList<string> Feedback,
    IReadOnlyList<TicketNote> Notes)
{
    /// <summary>Answers to the questions that the role asked about this task, oldest first; empty when it asked none.</summary>
    public IReadOnlyList<RoleAnswer> Answers { get; init; } = [];
}

/// <summary>What a task produced.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Summary">One or two sentences.</param>
/// <param name="Content">The work product, Markdown.</param>
/// <param name="Evidence">For each acceptance criterion that the output meets: the criterion and where it is met.</param>
public sealed record TaskOutput(string TaskId, string Summary, string Content, IReadOnlyList<CriterionEvidence> Evidence)
{
    /// <summary>
    /// What the role has to know before it can go on; null when it could do the task. With a question, the output is not reviewed: the task is
    /// done again with the answer.
    /// </summary>
    public RoleQuestion? Question { get; init; }
}

/// <summary>A claim that a criterion is met.</summary>
/// <param name="Criterion">The criterion, as the plan has it.</param>
/// <param name="Evidence">What shows it.</param>
public sealed record CriterionEvidence(string Criterion, string Evidence);

/// <summary>Input of a review.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Task">The task.</param>
/// <param name="Output">Its output.</param>
/// <param name="Round">Round of the output.</param>
public sealed record ReviewRequest(Ticket Ticket, PlannedTask Task, TaskOutput Output, int Round);

/// <summary>Result of a review.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Reasons">What has to change; empty when approved.</param>
public sealed record ReviewResult(ReviewVerdict Verdict, IReadOnlyList<string> Reasons);

/// <summary>Decision of a review.</summary>
public enum ReviewVerdict
{
    /// <summary>Good as it is.</summary>
    Approved,

    /// <summary>Another round is needed.</summary>
    ChangesRequested,
}

/// <summary>Input of verification.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="AcceptanceCriteria">The ticket's criteria from triage.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Outputs">The outputs of all tasks.</param>
public sealed record VerifyRequest(
    Ticket Ticket, IReadOnlyList<string> AcceptanceCriteria, SquadPlan Plan, IReadOnlyList<TaskOutput> Outputs);

/// <summary>Result of verification.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Criteria">One entry per acceptance criterion.</param>
/// <param name="Summary">One or two sentences.</param>
public sealed record VerificationResult(VerificationVerdict Verdict, IReadOnlyList<CriterionResult> Criteria, string Summary);

/// <summary>One verified criterion.</summary>
/// <param name="Criterion">The criterion.</param>
/// <param name="Met">Whether it is met.</param>
/// <param name="Detail">The evidence, or what is missing.</param>
/// <param name="TaskId">The task that has to close the gap, when one does.</param>
public sealed record CriterionResult(string Criterion, bool Met, string Detail, string? TaskId = null);

/// <summary>Decision of verification.</summary>
public enum VerificationVerdict
{
    /// <summary>Every criterion is met.</summary>
    Approved,

    /// <summary>Some tasks have gaps that the squad can close.</summary>
    NeedsFixes,

    /// <summary>A person is needed.</summary>
    Blocked,
}
