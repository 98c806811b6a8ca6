namespace AgentSquad.Cli.Explain;

/// <summary>What would become of a recorded webhook.</summary>
/// <param name="File">The file, as given.</param>
/// <param name="Event">Name of the event; null when the file holds none.</param>
/// <param name="Ticket">Key of the ticket, else <c>#</c> and its id, else null.</param>
/// <param name="Decision"><c>start</c>, <c>signal</c>, <c>ignore</c> or <c>reject</c>.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record WebhookExplanation(string File, string? Event, string? Ticket, string Decision, string Reason);
