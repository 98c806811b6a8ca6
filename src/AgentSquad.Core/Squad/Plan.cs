using AgentSquad.Core.Planning;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Squad;

/// <summary>Input of planning.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Triage">What triage found.</param>
/// <param name="Conversation">What people wrote, oldest first.</param>
/// <param name="Revision">Why a person asked for another plan; null for the first.</param>
public sealed record PlanRequest(Ticket Ticket, TriageResult Triage, IReadOnlyList<TicketNote> Conversation, string? Revision = null);

/// <summary>A plan: a graph of tasks over roles.</summary>
/// <param name="Summary">The plan in one or two sentences.</param>
/// <param name="Tasks">At least one task; dependencies form no cycle.</param>
/// <param name="Complexity">1 to 10: 1-2 simple, 3-5 moderate, 6-8 complex, 9-10 very complex.</param>
/// <param name="Risks">What could go wrong.</param>
public sealed record SquadPlan(string Summary, IReadOnlyList<PlannedTask> Tasks, int Complexity, IReadOnlyList<string> Risks);

/// <summary>One task of a plan.</summary>
/// <param name="Id">Id within the plan, such as <c>T1</c>.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">What to do, Markdown.</param>
/// <param name="Role">Who does it.</param>
/// <param name="AcceptanceCriteria">When it is done.</param>
/// <param name="DependsOn">Ids of the tasks that must be done first.</param>
/// <param name="Estimate">Expected effort of a person.</param>
public sealed record PlannedTask(
    string Id,
    string Title,
    string Description,
    SquadRole Role,
    IReadOnlyList<string> AcceptanceCriteria,
    IReadOnlyList<string> DependsOn,
    Estimate Estimate) : IGraphTask;

/// <summary>An estimate in hours of a person's work.</summary>
/// <param name="Hours">Hours, buffer included.</param>
/// <param name="Confidence">How sure.</param>
public sealed record Estimate(double Hours, Confidence Confidence);

/// <summary>Confidence of an estimate.</summary>
public enum Confidence
{
    /// <summary>A guess.</summary>
    Low,

    /// <summary>Known kind of work.</summary>
    Medium,

    /// <summary>Done before.</summary>
    High,
}
