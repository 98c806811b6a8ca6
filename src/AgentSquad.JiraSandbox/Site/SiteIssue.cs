using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Site;

/// <summary>A ticket with all that hangs on it.</summary>
internal sealed class SiteIssue
{
    /// <summary>Id; never changes.</summary>
    public required string Id { get; set; }

    /// <summary>Key, such as TEST-1.</summary>
    public required string Key { get; set; }

    /// <summary>Key of the project.</summary>
    public required string ProjectKey { get; set; }

    /// <summary>Ticket type.</summary>
    public required string IssueTypeId { get; set; }

    /// <summary>Title.</summary>
    public required string Summary { get; set; }

    /// <summary>Status.</summary>
    public required string StatusId { get; set; }

    /// <summary>Who created it.</summary>
    public required string CreatorId { get; set; }

    /// <summary>Who reports it.</summary>
    public string? ReporterId { get; set; }

    /// <summary>Who works on it.</summary>
    public string? AssigneeId { get; set; }

    /// <summary>Priority.</summary>
    public string PriorityId { get; set; } = "3";

    /// <summary>Description, or null.</summary>
    public RichText? Description { get; set; }

    /// <summary>Environment, or null.</summary>
    public RichText? Environment { get; set; }

    /// <summary>Labels, sorted as Jira sorts them.</summary>
    public List<string> Labels { get; set; } = [];

    /// <summary>Component ids.</summary>
    public List<string> ComponentIds { get; set; } = [];

    /// <summary>Due date (yyyy-MM-dd), or null.</summary>
    public string? DueDate { get; set; }

    /// <summary>Parent ticket of a sub-task or of an epic's child.</summary>
    public string? ParentId { get; set; }

    /// <summary>Security level, or null.</summary>
    public string? SecurityLevelId { get; set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>When its status category last changed.</summary>
    public DateTimeOffset StatusCategoryChanged { get; set; }

    /// <summary>When it was resolved; null while it is open.</summary>
    public DateTimeOffset? Resolved { get; set; }

    /// <summary>Custom fields and other values that the sandbox only keeps.</summary>
    public JsonObject Custom { get; set; } = [];

    /// <summary>Comments, oldest first.</summary>
    public List<SiteComment> Comments { get; set; } = [];

    /// <summary>Attachments, oldest first.</summary>
    public List<SiteAttachment> Attachments { get; set; } = [];

    /// <summary>Links to the web.</summary>
    public List<SiteRemoteLink> RemoteLinks { get; set; } = [];

    /// <summary>Entity properties.</summary>
    public Dictionary<string, JsonNode?> Properties { get; set; } = [];

    /// <summary>What changed when, oldest first.</summary>
    public List<SiteChange> Changes { get; set; } = [];
}

/// <summary>A comment.</summary>
internal sealed class SiteComment
{
    /// <summary>Id.</summary>
    public required string Id { get; set; }

    /// <summary>Who wrote it.</summary>
    public required string AuthorId { get; set; }

    /// <summary>Who edited it last.</summary>
    public required string UpdateAuthorId { get; set; }

    /// <summary>Text.</summary>
    public required RichText Body { get; set; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When it was last edited.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>Entity properties.</summary>
    public Dictionary<string, JsonNode?> Properties { get; set; } = [];

    /// <summary>Restriction to a role or group; null means everyone.</summary>
    public SiteVisibility? Visibility { get; set; }

    /// <summary>Whether the customer of a service desk sees it.</summary>
    public bool Public => Properties.GetValueOrDefault("sd.public.comment") is not JsonObject desk
        || desk["internal"] is not JsonValue value || value.ToString() is not ("true" or "True");
}

/// <summary>A restriction of a comment.</summary>
internal sealed record SiteVisibility(string Type, string Value, string? Identifier);

/// <summary>An attachment with its bytes.</summary>
internal sealed class SiteAttachment
{
    /// <summary>Id.</summary>
    public required string Id { get; set; }

    /// <summary>File name.</summary>
    public required string FileName { get; set; }

    /// <summary>Media type.</summary>
    public required string MimeType { get; set; }

    /// <summary>Who added it.</summary>
    public required string AuthorId { get; set; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>The bytes.</summary>
    public required byte[] Content { get; set; }
}

/// <summary>A link from a ticket to the web.</summary>
internal sealed class SiteRemoteLink
{
    /// <summary>Number.</summary>
    public required long Id { get; set; }

    /// <summary>Identity chosen by the caller; empty when none.</summary>
    public string GlobalId { get; set; } = "";

    /// <summary>How the ticket relates to it.</summary>
    public string Relationship { get; set; } = "";

    /// <summary>Application, as given.</summary>
    public JsonObject Application { get; set; } = [];

    /// <summary>The linked object, as given (url, title and more).</summary>
    public required JsonObject Object { get; set; }
}

/// <summary>One change of a ticket.</summary>
internal sealed class SiteChange
{
    /// <summary>Id.</summary>
    public required string Id { get; set; }

    /// <summary>Who made it.</summary>
    public required string AuthorId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>What changed.</summary>
    public List<SiteChangeItem> Items { get; set; } = [];
}

/// <summary>One field's change. Ids in <paramref name="From"/> and <paramref name="To"/>, what people read in the strings.</summary>
internal sealed record SiteChangeItem(
    string Field, string FieldId, string? From, string? FromString, string? To, string? ToText, string FieldType = "jira");
