using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Site;

/// <summary>Everything that a site holds. Plain data: saved as JSON, changed only behind the gate of <see cref="SiteStore"/>.</summary>
internal sealed class SiteModel
{
    /// <summary>Last number given to anything but a ticket (comments, links, attachments, change logs).</summary>
    public long LastId { get; set; } = 10_000;

    /// <summary>Last ticket id.</summary>
    public long LastIssueId { get; set; } = 9_999;

    /// <summary>Accounts, those of imported tickets included.</summary>
    public List<SiteUser> Users { get; set; } = [];

    /// <summary>Projects.</summary>
    public List<SiteProject> Projects { get; set; } = [];

    /// <summary>Ticket types.</summary>
    public List<SiteIssueType> IssueTypes { get; set; } = [];

    /// <summary>Tickets in the order of creation.</summary>
    public List<SiteIssue> Issues { get; set; } = [];

    /// <summary>Links between tickets.</summary>
    public List<SiteIssueLink> IssueLinks { get; set; } = [];

    /// <summary>Registered webhooks.</summary>
    public List<SiteWebhook> Webhooks { get; set; } = [];

    /// <summary>Confluence pages.</summary>
    public List<SitePage> Pages { get; set; } = [];

    /// <summary>Rights taken away from an account: account id to permission keys.</summary>
    public Dictionary<string, HashSet<string>> RevokedPermissions { get; set; } = [];

    /// <summary>Next number for a comment, link, attachment or change log.</summary>
    public string NextId() => $"{++LastId}";
}

/// <summary>An account.</summary>
internal sealed class SiteUser
{
    /// <summary>Account id on Cloud, user key on Data Center.</summary>
    public required string AccountId { get; set; }

    /// <summary>User name on Data Center.</summary>
    public required string Name { get; set; }

    /// <summary>E-mail address; may be empty on imported accounts.</summary>
    public string Email { get; set; } = "";

    /// <summary>Name that people see.</summary>
    public required string DisplayName { get; set; }

    /// <summary>Groups.</summary>
    public List<string> Groups { get; set; } = [];

    /// <summary>Whether the account may log in.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>A project.</summary>
internal sealed class SiteProject
{
    /// <summary>Id.</summary>
    public required string Id { get; set; }

    /// <summary>Key.</summary>
    public required string Key { get; set; }

    /// <summary>Name.</summary>
    public required string Name { get; set; }

    /// <summary>Number of its last ticket.</summary>
    public long LastNumber { get; set; }

    /// <summary>Components.</summary>
    public List<SiteComponent> Components { get; set; } = [];

    /// <summary>Members of each project role by role name: account ids.</summary>
    public Dictionary<string, List<string>> Roles { get; set; } = [];

    /// <summary>Groups that have a project role, by role name.</summary>
    public Dictionary<string, List<string>> RoleGroups { get; set; } = [];

    /// <summary>Whether it is a service desk.</summary>
    public bool ServiceDesk { get; set; }
}

/// <summary>A component of a project.</summary>
internal sealed record SiteComponent(string Id, string Name);

/// <summary>A ticket type.</summary>
internal sealed record SiteIssueType(string Id, string Name, string Description, bool Subtask, int HierarchyLevel);

/// <summary>A link between two tickets.</summary>
internal sealed record SiteIssueLink(string Id, string TypeId, string InwardId, string OutwardId);

/// <summary>A registered webhook.</summary>
internal sealed class SiteWebhook
{
    /// <summary>Number.</summary>
    public required string Id { get; set; }

    /// <summary>Name.</summary>
    public required string Name { get; set; }

    /// <summary>Target.</summary>
    public required string Url { get; set; }

    /// <summary>Secret for the signature; empty sends unsigned.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Event names; empty means all.</summary>
    public List<string> Events { get; set; } = [];

    /// <summary>JQL filter; empty means all tickets.</summary>
    public string Filter { get; set; } = "";

    /// <summary>Whether it is on.</summary>
    public bool Enabled { get; set; } = true;
}

/// <summary>A Confluence page.</summary>
internal sealed class SitePage
{
    /// <summary>Id.</summary>
    public required string Id { get; set; }

    /// <summary>Space id.</summary>
    public required string SpaceId { get; set; }

    /// <summary>Title, unique within the space.</summary>
    public required string Title { get; set; }

    /// <summary>Parent page, or null.</summary>
    public string? ParentId { get; set; }

    /// <summary>Body in storage format (XHTML).</summary>
    public required string Body { get; set; }

    /// <summary>The document or markup that the body was written as; null when it was written as storage.</summary>
    public RichText? Text { get; set; }

    /// <summary>Version, counted from 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Who wrote the first version.</summary>
    public required string AuthorId { get; set; }

    /// <summary>When the first version was written.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When the current version was written.</summary>
    public DateTimeOffset Updated { get; set; }

    /// <summary>What the author of the current version said about it.</summary>
    public string VersionMessage { get; set; } = "";
}
