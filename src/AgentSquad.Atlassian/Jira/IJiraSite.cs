using System.Text.Json.Nodes;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Everything the product does on a Jira site, in either dialect. <see cref="IJiraClient"/> is the part that a run needs.</summary>
/// <remarks>As on <see cref="IJiraClient"/>: reads are repeated, writes are sent once; <see cref="ISiteEffects"/> makes writes safe.</remarks>
public interface IJiraSite : IJiraClient
{
    /// <summary>
    /// Whether a person is the account that the credentials belong to. The site is asked once, and again, at most once a minute, when the person
    /// differs: accounts are renamed and credentials change.
    /// </summary>
    /// <param name="person">The author of something; null is nobody.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<bool> IsOwnAsync(Person? person, CancellationToken cancellationToken);

    /// <summary>Who created a ticket, which nobody can change; null when the account is gone.</summary>
    Task<Person?> GetCreatorAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>Creates a ticket. Not idempotent.</summary>
    Task<TicketReference> CreateTicketAsync(TicketDraft draft, CancellationToken cancellationToken);

    /// <summary>Changes a ticket's fields. A description keeps the media that its new text does not name.</summary>
    Task UpdateTicketAsync(string issueIdOrKey, TicketEdit edit, CancellationToken cancellationToken);

    /// <summary>Deletes a ticket; one that is gone already is fine.</summary>
    Task DeleteTicketAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>Assigns a ticket; null takes the assignee away.</summary>
    Task AssignAsync(string issueIdOrKey, string? accountId, CancellationToken cancellationToken);

    /// <summary>Searches with JQL, page by page. The index behind it lags: never use it to find what was just written.</summary>
    IAsyncEnumerable<Ticket> SearchAsync(string jql, CancellationToken cancellationToken);

    /// <summary>The sub-tasks of a ticket, read from the ticket itself.</summary>
    Task<IReadOnlyList<TicketReference>> GetSubtasksAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>The links of a ticket to other tickets.</summary>
    Task<IReadOnlyList<TicketLink>> GetLinksAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>Links two tickets. Not idempotent.</summary>
    /// <param name="typeName">Name of the link type, such as <c>Blocks</c>.</param>
    /// <param name="inwardKey">The ticket that does it (blocks).</param>
    /// <param name="outwardKey">The ticket to which it is done (is blocked by).</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task LinkAsync(string typeName, string inwardKey, string outwardKey, CancellationToken cancellationToken);

    /// <summary>Deletes a link; one that is gone already is fine.</summary>
    Task DeleteLinkAsync(string linkId, CancellationToken cancellationToken);

    /// <summary>The links of a ticket to pages elsewhere.</summary>
    Task<IReadOnlyList<RemoteLink>> GetRemoteLinksAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>Adds a link to a page elsewhere, or changes the one with the same global id.</summary>
    Task SetRemoteLinkAsync(string issueIdOrKey, RemoteLink link, CancellationToken cancellationToken);

    /// <summary>The files attached to a ticket.</summary>
    Task<IReadOnlyList<TicketAttachment>> GetAttachmentsAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>Attaches a file. Not idempotent.</summary>
    Task<TicketAttachment> AddAttachmentAsync(string issueIdOrKey, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads an attached file, 64 MiB at most.</summary>
    Task<byte[]> DownloadAttachmentAsync(TicketAttachment attachment, CancellationToken cancellationToken);

    /// <summary>Deletes an attached file; one that is gone already is fine.</summary>
    Task DeleteAttachmentAsync(string attachmentId, CancellationToken cancellationToken);

    /// <summary>The value of an issue property; null when it is not set.</summary>
    Task<JsonNode?> GetPropertyAsync(string issueIdOrKey, string propertyKey, CancellationToken cancellationToken);

    /// <summary>Sets an issue property.</summary>
    Task SetPropertyAsync(string issueIdOrKey, string propertyKey, JsonNode value, CancellationToken cancellationToken);

    /// <summary>Deletes an issue property; one that is gone already is fine.</summary>
    Task DeletePropertyAsync(string issueIdOrKey, string propertyKey, CancellationToken cancellationToken);

    /// <summary>A person by account id (user name on Data Center); null when there is none.</summary>
    Task<Person?> GetUserAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>People whose name or e-mail address matches, at most 50.</summary>
    Task<IReadOnlyList<Person>> FindUsersAsync(string query, CancellationToken cancellationToken);

    /// <summary>What answers at the site's address.</summary>
    Task<JiraServer> GetServerAsync(CancellationToken cancellationToken);

    /// <summary>Which of these permissions the account has in a project.</summary>
    /// <param name="projectKey">The project; null asks for the site.</param>
    /// <param name="permissions">Permission keys, such as <c>ADD_COMMENTS</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<IReadOnlyDictionary<string, bool>> GetPermissionsAsync(string? projectKey, IEnumerable<string> permissions, CancellationToken cancellationToken);

    /// <summary>The statuses that tickets of a project can have.</summary>
    Task<IReadOnlyList<TicketStatus>> GetStatusesAsync(string projectKey, CancellationToken cancellationToken);

    /// <summary>The webhooks that an administrator registered; needs administrator rights.</summary>
    Task<IReadOnlyList<JiraWebhookRegistration>> GetWebhooksAsync(CancellationToken cancellationToken);

    /// <summary>Registers a webhook for ticket and comment events; needs administrator rights. Not idempotent.</summary>
    Task<JiraWebhookRegistration> RegisterWebhookAsync(JiraWebhookDraft draft, CancellationToken cancellationToken);

    /// <summary>Changes a registered webhook to what the draft says and switches it on; needs administrator rights.</summary>
    Task UpdateWebhookAsync(string id, JiraWebhookDraft draft, CancellationToken cancellationToken);

    /// <summary>Deletes a webhook; one that is gone already is fine.</summary>
    Task DeleteWebhookAsync(string id, CancellationToken cancellationToken);

    /// <summary>Id of a field by its name or id, such as <c>Story Points</c>; null when there is none. Read once, then cached.</summary>
    Task<string?> FindFieldAsync(string name, CancellationToken cancellationToken);

    /// <summary>Id of an issue type of a project by its name; null when there is none. Read once per project, then cached.</summary>
    Task<string?> FindIssueTypeAsync(string projectKey, string name, CancellationToken cancellationToken);

    /// <summary>Id of a status of a project by its name or id; null when there is none. Read once per project, then cached.</summary>
    Task<string?> FindStatusAsync(string projectKey, string name, CancellationToken cancellationToken);

    /// <summary>Reads a ticket with further fields in <see cref="Ticket.Fields"/>, beside those of <see cref="JiraOptions.TicketFields"/>.</summary>
    /// <param name="issueIdOrKey">Id (preferred) or key.</param>
    /// <param name="fields">Names or ids of fields; what the site does not have is left out.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<Ticket> GetTicketAsync(string issueIdOrKey, IEnumerable<string> fields, CancellationToken cancellationToken);
}
