using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Functions.Activities;

/// <summary>A ticket and what people wrote on it, as one artifact: all agents of a step see the same.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Earlier">What people had written before the run, oldest first.</param>
/// <param name="Conversation">What people wrote since, oldest first.</param>
internal sealed record TicketSnapshot(Ticket Ticket, IReadOnlyList<TicketNote> Earlier, IReadOnlyList<TicketNote> Conversation)
{
    /// <summary>Ids of the comments with <c>/squad stop</c> since the run was started, oldest first; whether they may is not judged.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Everything that people wrote, oldest first.</summary>
    public IReadOnlyList<TicketNote> All => [.. Earlier, .. Conversation];
}
