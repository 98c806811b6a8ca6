namespace AgentSquad.Atlassian.Webhooks;

/// <summary>Just enough of a webhook to take it in: that it is a Jira event, and about what.</summary>
/// <param name="Event">The event's name; inferred for payloads that have none.</param>
/// <param name="TicketId">Id of the ticket; null when the event is about none.</param>
/// <param name="TicketKey">Key of the ticket; null when the payload does not name it.</param>
/// <param name="Timestamp">The signed time of the event; null when absent.</param>
public sealed record WebhookEnvelope(string Event, string? TicketId, string? TicketKey, DateTimeOffset? Timestamp);
