namespace AgentSquad.Core.Tickets;

/// <summary>A ticket as the squad reads it: one snapshot, text already in Markdown.</summary>
public sealed record Ticket
{
    /// <summary>Base address of the site, without a trailing slash, such as <c>https://acme.atlassian.net</c>.</summary>
    public required string Site { get; init; }

    /// <summary>The site's permanent id. Keys change when a ticket moves; ids do not.</summary>
    public required string Id { get; init; }

    /// <summary>The key at the time of reading, such as <c>TEST-1</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Key of the project at the time of reading.</summary>
    public required string ProjectKey { get; init; }

    /// <summary>Name of the issue type, such as <c>Bug</c> or <c>Story</c>.</summary>
    public required string IssueType { get; init; }

    /// <summary>The one-line summary.</summary>
    public required string Summary { get; init; }

    /// <summary>The description in Markdown; empty when there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>The workflow status.</summary>
    public required TicketStatus Status { get; init; }

    /// <summary>Labels, in the site's order.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Names of the components.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Values of other fields, by field id or name, as people see them; only those that a policy asks for.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Name of the priority, when the project has one.</summary>
    public string? Priority { get; init; }

    /// <summary>Who reported the ticket.</summary>
    public Person? Reporter { get; init; }

    /// <summary>Who the ticket is assigned to.</summary>
    public Person? Assignee { get; init; }

    /// <summary>Name of the security level; null means everyone in the project may read the ticket.</summary>
    public string? SecurityLevel { get; init; }

    /// <summary>When the site last changed the ticket.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Files on the ticket that everyone who can read it may read, oldest first; empty unless they were asked for.</summary>
    public IReadOnlyList<TicketFile> Files { get; init; } = [];
}

/// <summary>A file on a ticket, as data for agents.</summary>
/// <param name="Name">Its name, as whoever attached it wrote it.</param>
/// <param name="Text">Its text, cut at the end if it is long; null when it is no text or too large.</param>
public sealed record TicketFile(string Name, string? Text);

/// <summary>A workflow status and the category that the site sorts it into.</summary>
/// <param name="Id">The status id on its site.</param>
/// <param name="Name">The name people see.</param>
/// <param name="Category">The category behind the name.</param>
public sealed record TicketStatus(string Id, string Name, StatusCategory Category);

/// <summary>Jira's three status categories (<c>new</c>, <c>indeterminate</c>, <c>done</c>), in the direction in which work moves.</summary>
public enum StatusCategory
{
    /// <summary>Not started; Jira's key is <c>new</c>.</summary>
    ToDo,

    /// <summary>Started; Jira's key is <c>indeterminate</c>.</summary>
    InProgress,

    /// <summary>Finished; Jira's key is <c>done</c>.</summary>
    Done,
}

/// <summary>A person or app on a site. Identity is the account id; names and e-mail addresses change or are hidden.</summary>
/// <param name="AccountId">Account id on Cloud, user name or key on Data Center.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="IsApp">Whether the site says that the account is an app.</param>
public sealed record Person(string AccountId, string DisplayName, bool IsApp = false);
