using AgentSquad.Core.Escalation;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Squad;

/// <summary>A question that one role asks another while it does a task.</summary>
/// <param name="Type">What it is about; decides who is asked.</param>
/// <param name="Text">The question, one or two sentences.</param>
public sealed record RoleQuestion(QuestionType Type, string Text);

/// <summary>Input of an answer.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Plan">The whole plan.</param>
/// <param name="Task">The task that the question is about; its role asks.</param>
/// <param name="Question">The question.</param>
/// <param name="Notes">What people wrote on the ticket, oldest first.</param>
public sealed record AnswerRequest(
    Ticket Ticket, SquadPlan Plan, PlannedTask Task, RoleQuestion Question, IReadOnlyList<TicketNote> Notes);

/// <summary>Result of asking a role.</summary>
/// <param name="Text">The answer; null when the role cannot help, and the next one is asked.</param>
public sealed record AnswerResult(string? Text)
{
    /// <summary>The role cannot help.</summary>
    public static AnswerResult CannotHelp { get; } = new((string?)null);
}

/// <summary>A question with its answer.</summary>
/// <param name="Question">The question.</param>
/// <param name="Responder">The role that answered.</param>
/// <param name="Text">The answer.</param>
public sealed record RoleAnswer(RoleQuestion Question, SquadRole Responder, string Text);
