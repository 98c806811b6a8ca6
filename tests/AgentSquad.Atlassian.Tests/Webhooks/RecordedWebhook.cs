using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Tests.Webhooks;

/// <summary>What a recorded webhook says, as a person reads the file.</summary>
public sealed record RecordedWebhook(
    string File,
    string Event,
    TicketEventKind Kind,
    string Site,
    string TicketId,
    string? TicketKey,
    string? Actor,
    string? IssueType,
    string? Priority,
    string Labels = "",
    string Changes = "",
    string? Comment = null);
