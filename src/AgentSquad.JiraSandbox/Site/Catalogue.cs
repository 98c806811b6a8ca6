namespace AgentSquad.JiraSandbox.Site;

/// <summary>The parts of a site that nobody changes: workflow, priorities, link types, roles, security levels.</summary>
internal static class Catalogue
{
    /// <summary>Project that every site starts with.</summary>
    public const string DefaultProjectKey = "TEST";

    /// <summary>Group of the administrators.</summary>
    public const string AdministratorsGroup = "jira-administrators";

    /// <summary>Group of everyone who may log in.</summary>
    public const string UsersGroup = "jira-software-users";

    /// <summary>The workflow's statuses in board order.</summary>
    public static IReadOnlyList<SiteStatus> Statuses { get; } =
    [
        new("10000", "To Do", "Not started.", StatusCategory.New, "11"),
        new("10001", "In Progress", "Somebody works on it.", StatusCategory.Indeterminate, "21"),
        new("10002", "In Review", "Work is done and waits for a check.", StatusCategory.Indeterminate, "31"),
        new("10003", "Done", "Finished.", StatusCategory.Done, "41"),
    ];

    /// <summary>Priorities, highest first.</summary>
    public static IReadOnlyList<SitePriority> Priorities { get; } =
    [
        new("1", "Highest", "#cd1317"), new("2", "High", "#e9494a"), new("3", "Medium", "#e97f33"),
        new("4", "Low", "#2d8738"), new("5", "Lowest", "#57a55a"),
    ];

    /// <summary>Link types.</summary>
    public static IReadOnlyList<SiteLinkType> LinkTypes { get; } =
    [
        new("10000", "Blocks", "is blocked by", "blocks"), new("10001", "Cloners", "is cloned by", "clones"),
        new("10002", "Duplicate", "is duplicated by", "duplicates"), new("10003", "Relates", "relates to", "relates to"),
    ];

    /// <summary>Project roles.</summary>
    public static IReadOnlyList<SiteRole> Roles { get; } =
    [
        new("10002", "Administrators", "May administer the project."), new("10003", "Developers", "Work on tickets."),
        new("10004", "Users", "May read and comment."),
    ];

    /// <summary>Security levels.</summary>
    public static IReadOnlyList<SiteSecurityLevel> SecurityLevels { get; } =
    [
        new("10000", "Internal", "Only the Developers and Administrators roles and the reporter see the ticket."),
    ];

    /// <summary>Ticket types that every site starts with.</summary>
    public static IReadOnlyList<SiteIssueType> IssueTypes { get; } =
    [
        new("10000", "Epic", "A big piece of work.", false, 1), new("10001", "Story", "Functionality expressed as a user goal.", false, 0),
        new("10002", "Task", "A task that needs to be done.", false, 0), new("10003", "Sub-task", "A part of another ticket.", true, -1),
        new("10004", "Bug", "Something that does not work.", false, 0),
    ];

    /// <summary>A status by id.</summary>
    public static SiteStatus Status(string id) => Statuses.First(status => status.Id == id);

    /// <summary>A priority by id.</summary>
    public static SitePriority Priority(string id) => Priorities.First(priority => priority.Id == id);
}

/// <summary>A status category of Jira.</summary>
/// <param name="Id">Number.</param>
/// <param name="Key">new, indeterminate or done.</param>
/// <param name="Name">Name that people see.</param>
/// <param name="ColorName">Jira's name of its colour.</param>
internal sealed record StatusCategory(int Id, string Key, string Name, string ColorName)
{
    /// <summary>Not started.</summary>
    public static readonly StatusCategory New = new(2, "new", "To Do", "blue-gray");

    /// <summary>Under way.</summary>
    public static readonly StatusCategory Indeterminate = new(4, "indeterminate", "In Progress", "yellow");

    /// <summary>Finished.</summary>
    public static readonly StatusCategory Done = new(3, "done", "Done", "green");
}

/// <summary>A status and the global transition that leads to it.</summary>
internal sealed record SiteStatus(string Id, string Name, string Description, StatusCategory Category, string TransitionId);

/// <summary>A priority.</summary>
internal sealed record SitePriority(string Id, string Name, string Color);

/// <summary>A link type.</summary>
internal sealed record SiteLinkType(string Id, string Name, string Inward, string Outward);

/// <summary>A project role.</summary>
internal sealed record SiteRole(string Id, string Name, string Description);

/// <summary>A security level.</summary>
internal sealed record SiteSecurityLevel(string Id, string Name, string Description);
