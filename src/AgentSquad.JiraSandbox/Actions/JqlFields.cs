using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>What a ticket says under each name that JQL may use.</summary>
internal static class JqlFields
{
    /// <summary>Whether a field holds a date or a time.</summary>
    public static bool IsTime(string field) =>
        field.ToLowerInvariant() is "created" or "createddate" or "updated" or "updateddate" or "due" or "duedate";

    /// <summary>The values of a field (ids and names alike), or null for an unknown field.</summary>
    public static Func<SiteModel, SiteIssue, IEnumerable<string>>? Reader(string field) => field.ToLowerInvariant() switch
    {
        "project" => (site, issue) => site.FindProject(issue.ProjectKey) is { } project ? [project.Key, project.Id, project.Name] : [],
        "key" or "issuekey" or "issue" or "id" => (_, issue) => [issue.Key, issue.Id],
        "status" => (_, issue) => [issue.StatusId, Catalogue.Status(issue.StatusId).Name],
        "statuscategory" => (_, issue) =>
            Catalogue.Status(issue.StatusId).Category is var category ? [category.Name, category.Key, $"{category.Id}"] : [],
        "labels" => (_, issue) => issue.Labels,
        "component" => (site, issue) => site.FindProject(issue.ProjectKey)!.Components
            .Where(component => issue.ComponentIds.Contains(component.Id)).SelectMany(component => (string[])[component.Id, component.Name]),
        "assignee" => (site, issue) => Person(site, issue.AssigneeId),
        "reporter" => (site, issue) => Person(site, issue.ReporterId),
        "creator" => (site, issue) => Person(site, issue.CreatorId),
        "issuetype" or "type" => (site, issue) => [issue.IssueTypeId, site.IssueType(issue).Name],
        "priority" => (_, issue) => [issue.PriorityId, Catalogue.Priority(issue.PriorityId).Name],
        "resolution" => (_, issue) => issue.Resolved is null ? ["Unresolved"] : ["Done"],
        "parent" => (site, issue) => site.Issues.Find(other => other.Id == issue.ParentId) is { } parent ? [parent.Id, parent.Key] : [],
        "summary" => (_, issue) => [issue.Summary],
        "description" => (_, issue) => Texts(issue.Description),
        "comment" => (_, issue) => issue.Comments.SelectMany(comment => Texts(comment.Body)),
        "text" => (_, issue) => [issue.Summary, .. Texts(issue.Description), .. issue.Comments.SelectMany(comment => Texts(comment.Body))],
        "created" or "createddate" => (_, issue) => [issue.Created.ToString("O")],
        "updated" or "updateddate" => (_, issue) => [issue.Updated.ToString("O")],
        "due" or "duedate" => (_, issue) => issue.DueDate is null ? [] : [issue.DueDate],
        _ => null,
    };

    private static IEnumerable<string> Texts(RichText? text) => text is null ? [] : [text.Plain];

    private static IEnumerable<string> Person(SiteModel site, string? accountId) =>
        site.Users.Find(user => user.AccountId == accountId) is { } user ? [user.AccountId, user.Name, user.DisplayName, user.Email] : [];
}
