namespace AgentSquad.Core.Tickets;

/// <summary>What a webhook says happened to a ticket, in the domain's words and whatever dialect it arrived in.</summary>
public sealed record TicketEvent
{
    /// <summary>What happened.</summary>
    public required TicketEventKind Kind { get; init; }

    /// <summary>The event's own name in the payload, such as <c>jira:issue_updated</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Base address that the payload claims to come from, without a trailing slash; null when it names none.</summary>
    public string? Site { get; init; }

    /// <summary>The ticket's id; null when the payload has no ticket (old comment events).</summary>
    public string? TicketId { get; init; }

    /// <summary>The ticket's key; null when the payload does not name it.</summary>
    public string? TicketKey { get; init; }

    /// <summary>Key of the ticket's project; null when unknown.</summary>
    public string? ProjectKey { get; init; }

    /// <summary>Issue type name; null when unknown.</summary>
    public string? IssueType { get; init; }

    /// <summary>Priority name; null when unknown.</summary>
    public string? Priority { get; init; }

    /// <summary>Names of the ticket's components after the event; null when the payload does not list them.</summary>
    public IReadOnlyList<string>? Components { get; init; }

    /// <summary>Values of other fields after the event, by field id or name, as people see them; null when the payload does not carry them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Fields { get; init; }

    /// <summary>Who the ticket is assigned to after the event; null when unassigned or when the payload does not say.</summary>
    public Person? Assignee { get; init; }

    /// <summary>Name of the ticket's status after the event; null when the payload does not say.</summary>
    public string? StatusName { get; init; }

    /// <summary>Who did it; null when the payload does not say.</summary>
    public Person? Actor { get; init; }

    /// <summary>When the site says it happened (the signed <c>timestamp</c>); null when absent.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The labels that the ticket has after the event; empty when the payload does not list them.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Labels that this event added: the true set difference, never the whole list.</summary>
    public IReadOnlyList<string> LabelsAdded { get; init; } = [];

    /// <summary>Labels that this event removed.</summary>
    public IReadOnlyList<string> LabelsRemoved { get; init; } = [];

    /// <summary>Every changed field, in the payload's order.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>The comment, for comment events.</summary>
    public CommentReference? Comment { get; init; }
}

/// <summary>One changed field of a changelog.</summary>
/// <param name="Field">Field name as the site spells it, such as <c>status</c>.</param>
/// <param name="From">Id of the old value, when there is one.</param>
/// <param name="FromText">Old value as people see it.</param>
/// <param name="To">Id of the new value, when there is one.</param>
/// <param name="ToText">New value as people see it.</param>
public sealed record FieldChange(string Field, string? From, string? FromText, string? To, string? ToText);

/// <summary>A comment as an event names it. The text is a hint: decisions read the comment from the site.</summary>
/// <param name="Id">Comment id.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Text">Plain text or Markdown of the body, as the event carried it.</param>
public sealed record CommentReference(string Id, Person? Author, string Text);

/// <summary>Kinds of ticket events that the squad tells apart.</summary>
public enum TicketEventKind
{
    /// <summary>A Jira event that is about no ticket or of no interest.</summary>
    Other,

    /// <summary>A ticket was created.</summary>
    Created,

    /// <summary>A ticket's fields changed.</summary>
    Updated,

    /// <summary>A ticket was deleted.</summary>
    Deleted,

    /// <summary>A comment was added.</summary>
    CommentCreated,

    /// <summary>A comment was edited.</summary>
    CommentUpdated,

    /// <summary>A comment was deleted.</summary>
    CommentDeleted,
}
