using System.Text.Json.Nodes;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

/// <summary>A ticket named by another one.</summary>
/// <param name="Id">Id.</param>
/// <param name="Key">Key.</param>
/// <param name="Summary">Summary; empty when the site did not say.</param>
/// <param name="Status">Status; null when the site did not say.</param>
public sealed record TicketReference(string Id, string Key, string Summary = "", TicketStatus? Status = null);

/// <summary>A ticket to create.</summary>
/// <param name="ProjectKey">Project.</param>
/// <param name="IssueType">Name of the issue type.</param>
/// <param name="Summary">One line; cut at 255 characters, with the whole line at the top of the description then.</param>
public sealed record TicketDraft(string ProjectKey, string IssueType, string Summary)
{
    /// <summary>Description in Markdown. Over the site's limit the whole of it is attached, and the ticket shows its beginning.</summary>
    public string Description { get; init; } = "";

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Key of the parent, for sub-tasks.</summary>
    public string? ParentKey { get; init; }

    /// <summary>Further fields by id, in the site's own form.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Fields { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Issue properties to set with it.</summary>
    public IReadOnlyDictionary<string, JsonNode> Properties { get; init; } = new Dictionary<string, JsonNode>();
}

/// <summary>A change of a ticket. What is null or empty stays as it is.</summary>
public sealed record TicketEdit
{
    /// <summary>New summary; cut at 255 characters, with the whole line at the top of the description then.</summary>
    public string? Summary { get; init; }

    /// <summary>New description in Markdown. Over the site's limit the whole of it is attached, and the ticket shows its beginning.</summary>
    public string? Description { get; init; }

    /// <summary>Labels to add; the others stay.</summary>
    public IReadOnlyList<string> AddLabels { get; init; } = [];

    /// <summary>Labels to take away.</summary>
    public IReadOnlyList<string> RemoveLabels { get; init; } = [];

    /// <summary>Further fields by id, in the site's own form.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Fields { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Whether watchers get an e-mail. Default is false.</summary>
    public bool NotifyUsers { get; init; }
}

/// <summary>A link between two tickets, seen from one of them.</summary>
/// <param name="Id">Id of the link.</param>
/// <param name="TypeName">Name of its type, such as <c>Blocks</c>.</param>
/// <param name="IsOutward">Whether the ticket asked does it to <paramref name="Other"/>.</param>
/// <param name="Other">The other ticket.</param>
public sealed record TicketLink(string Id, string TypeName, bool IsOutward, TicketReference Other);

/// <summary>A link to a page elsewhere.</summary>
/// <param name="GlobalId">Identifies the link on its ticket.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="Title">What it says.</param>
/// <param name="Relationship">How the page relates to the ticket; null for Jira's default.</param>
public sealed record RemoteLink(string GlobalId, string Url, string Title, string? Relationship = null);

/// <summary>A file on a ticket.</summary>
/// <param name="Id">Id.</param>
/// <param name="FileName">Its name; several files may share it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="MimeType">Media type, when the site knows it.</param>
/// <param name="Created">When it was attached.</param>
public sealed record TicketAttachment(string Id, string FileName, long Size, string? MimeType, DateTimeOffset Created)
{
    /// <summary>Who attached it; null when the account is gone.</summary>
    public Person? Author { get; init; }
}

/// <summary>What answers at a site's address.</summary>
/// <param name="BaseUrl">The address that it believes to have.</param>
/// <param name="Version">Version of the product.</param>
/// <param name="Deployment">Which product it is.</param>
/// <param name="Time">Its clock; null when it does not say.</param>
public sealed record JiraServer(string BaseUrl, string Version, JiraDeployment Deployment, DateTimeOffset? Time);

/// <summary>A webhook to register.</summary>
/// <param name="Name">Name that administrators see.</param>
/// <param name="Url">Where it is delivered.</param>
/// <param name="Secret">Secret that signs it.</param>
/// <param name="JqlFilter">Which tickets it is about; null for all.</param>
public sealed record JiraWebhookDraft(string Name, string Url, string? Secret, string? JqlFilter = null)
{
    /// <summary>Events that the app follows.</summary>
    public static IReadOnlyList<string> Events { get; } =
        ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted"];

    /// <summary>The draft without its secret.</summary>
    public override string ToString() => $"{Name} -> {Url}";
}

/// <summary>A registered webhook.</summary>
/// <param name="Id">Id.</param>
/// <param name="Name">Name that administrators see.</param>
/// <param name="Url">Where it is delivered.</param>
/// <param name="Events">What it is about.</param>
/// <param name="IsEnabled">Whether it is switched on.</param>
/// <param name="IsSigned">Whether the site says that it has a secret; null when it does not say.</param>
public sealed record JiraWebhookRegistration(string Id, string Name, string Url, IReadOnlyList<string> Events, bool IsEnabled, bool? IsSigned);
