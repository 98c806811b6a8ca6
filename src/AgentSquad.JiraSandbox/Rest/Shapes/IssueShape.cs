using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Shapes;

/// <summary>Tickets as JSON.</summary>
internal static class IssueShape
{
    /// <summary>A ticket with the fields asked for.</summary>
    /// <param name="view">The reader.</param>
    /// <param name="issue">The ticket.</param>
    /// <param name="wanted">Field names as in the query (<c>*all</c>, <c>*navigable</c>, <c>-name</c>); empty means all.</param>
    /// <param name="mayComment">Which comments the reader sees; null means all.</param>
    public static JsonObject Of(View view, SiteIssue issue, IReadOnlySet<string> wanted, Predicate<SiteComment>? mayComment = null)
    {
        var fields = Fields(view, issue, mayComment);
        foreach (var name in fields.Select(field => field.Key).ToList())
        {
            if (!IsWanted(name, wanted)) fields.Remove(name);
        }

        return new JsonObject
        {
            ["expand"] = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
            ["id"] = issue.Id,
            ["self"] = view.Self($"issue/{issue.Id}"),
            ["key"] = issue.Key,
            ["fields"] = fields,
        };
    }

    /// <summary>The fields that a comment event carries.</summary>
    public static JsonObject Reduced(View view, SiteIssue issue)
    {
        var all = Fields(view, issue, null);
        var fields = new JsonObject();
        foreach (var name in (string[])["summary", "issuetype", "project", "assignee", "priority", "status"])
            fields[name] = all[name]?.DeepClone();
        return new JsonObject { ["id"] = issue.Id, ["self"] = view.Self($"issue/{issue.Id}"), ["key"] = issue.Key, ["fields"] = fields };
    }

    /// <summary>One entry of the change log.</summary>
    public static JsonObject Change(View view, SiteChange change) => new()
    {
        ["id"] = change.Id,
        ["author"] = UserShape.Of(view, change.AuthorId),
        ["created"] = FieldShapes.Time(change.Created),
        ["items"] = new JsonArray([.. change.Items.Select(ChangeItem)]),
    };

    /// <summary>One field's change.</summary>
    public static JsonObject ChangeItem(SiteChangeItem item) => new()
    {
        ["field"] = item.Field,
        ["fieldtype"] = item.FieldType,
        ["fieldId"] = item.FieldId,
        ["from"] = item.From,
        ["fromString"] = item.FromString,
        ["to"] = item.To,
        ["toString"] = item.ToText,
    };

    private static bool IsWanted(string name, IReadOnlySet<string> wanted)
    {
        if (wanted.Contains("-" + name)) return false;
        if (wanted.Count == 0 || wanted.All(one => one.StartsWith('-')) || wanted.Contains("*all") || wanted.Contains(name)) return true;
        return wanted.Contains("*navigable") && name is not ("comment" or "description" or "attachment" or "worklog");
    }

    private static JsonObject Fields(View view, SiteIssue issue, Predicate<SiteComment>? mayComment)
    {
        var site = view.Site;
        var project = site.Projects.First(project => project.Key == issue.ProjectKey);
        var status = Catalogue.Status(issue.StatusId);
        var comments = issue.Comments.FindAll(mayComment ?? (_ => true));
        var fields = new JsonObject
        {
            ["statuscategorychangedate"] = FieldShapes.Time(issue.StatusCategoryChanged),
            ["issuetype"] = FieldShapes.IssueType(view, site.IssueType(issue)),
            ["project"] = FieldShapes.Project(view, project),
            ["fixVersions"] = new JsonArray(),
            ["resolution"] = issue.Resolved is null ? null : new JsonObject
            {
                ["self"] = view.Self("resolution/10000"), ["id"] = "10000", ["description"] = "Work has been completed on this issue.", ["name"] = "Done",
            },
            ["resolutiondate"] = issue.Resolved is { } resolved ? FieldShapes.Time(resolved) : null,
            ["workratio"] = -1,
            ["watches"] = new JsonObject { ["self"] = view.Self($"issue/{issue.Key}/watchers"), ["watchCount"] = 1, ["isWatching"] = false },
            ["created"] = FieldShapes.Time(issue.Created),
            ["priority"] = FieldShapes.Priority(view, Catalogue.Priority(issue.PriorityId)),
            ["labels"] = new JsonArray([.. issue.Labels.Select(label => JsonValue.Create(label))]),
            ["versions"] = new JsonArray(),
            ["issuelinks"] = new JsonArray([.. site.IssueLinks
                .Where(link => link.InwardId == issue.Id || link.OutwardId == issue.Id).Select(link => FieldShapes.Link(view, link, issue))]),
            ["assignee"] = UserShape.Of(view, issue.AssigneeId),
            ["updated"] = FieldShapes.Time(issue.Updated),
            ["status"] = FieldShapes.Status(view, status),
            ["components"] = new JsonArray([.. project.Components
                .Where(component => issue.ComponentIds.Contains(component.Id)).Select(component => FieldShapes.Component(view, component))]),
            ["timeoriginalestimate"] = null,
            ["description"] = FieldShapes.Text(view, issue.Description),
            ["security"] = Catalogue.SecurityLevels.FirstOrDefault(level => level.Id == issue.SecurityLevelId) is { } level
                ? FieldShapes.SecurityLevel(view, level) : null,
            ["attachment"] = new JsonArray([.. issue.Attachments.Select(attachment => FieldShapes.Attachment(view, attachment))]),
            ["summary"] = issue.Summary,
            ["creator"] = UserShape.Of(view, issue.CreatorId),
            ["subtasks"] = new JsonArray([.. site.Issues
                .Where(other => other.ParentId == issue.Id && site.IssueType(other).Subtask).Select(other => FieldShapes.IssueReference(view, other))]),
            ["reporter"] = UserShape.Of(view, issue.ReporterId),
            ["environment"] = FieldShapes.Text(view, issue.Environment),
            ["duedate"] = issue.DueDate,
            ["votes"] = new JsonObject { ["self"] = view.Self($"issue/{issue.Key}/votes"), ["votes"] = 0, ["hasVoted"] = false },
            ["comment"] = new JsonObject
            {
                ["comments"] = new JsonArray([.. comments.Select(comment => CommentShape.Of(view, issue, comment))]),
                ["self"] = view.Self($"issue/{issue.Id}/comment"),
                ["maxResults"] = comments.Count,
                ["total"] = comments.Count,
                ["startAt"] = 0,
            },
        };
        if (site.Issues.Find(other => other.Id == issue.ParentId) is { } parent) fields["parent"] = FieldShapes.IssueReference(view, parent);
        foreach (var (name, value) in issue.Custom) fields[name] = value?.DeepClone();
        return fields;
    }
}
