using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Squad;

/// <summary>Input of triage.</summary>
/// <param name="Ticket">The ticket as read for this step.</param>
/// <param name="Conversation">What people wrote on the ticket since, oldest first, Markdown; empty on the first round.</param>
public sealed record TriageRequest(Ticket Ticket, IReadOnlyList<TicketNote> Conversation);

/// <summary>Something a person wrote on the ticket, as data for agents.</summary>
/// <param name="Author">Who wrote it.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Written">When.</param>
public sealed record TicketNote(Person? Author, string Text, DateTimeOffset Written);

/// <summary>Result of triage.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Reason">One or two sentences that say why.</param>
/// <param name="AcceptanceCriteria">What has to be true in the end, as found in or derived from the ticket.</param>
/// <param name="Questions">At most five questions to the reporter; empty when the verdict is <see cref="TriageVerdict.Ready"/>.</param>
/// <param name="Improvements">Weaknesses that do not stop the work; at most ten.</param>
public sealed record TriageResult(
    TriageVerdict Verdict,
    string Reason,
    IReadOnlyList<string> AcceptanceCriteria,
    IReadOnlyList<string> Questions,
    IReadOnlyList<string> Improvements);

/// <summary>Readiness of a ticket.</summary>
public enum TriageVerdict
{
    /// <summary>Work can start.</summary>
    Ready,

    /// <summary>Work can start, with stated assumptions; the ticket would be better with the named improvements.</summary>
    NeedsImprovement,

    /// <summary>Work cannot start before someone answers.</summary>
    Unclear,

    /// <summary>Cannot be done as asked; the reason says why.</summary>
    NotFeasible,
}
