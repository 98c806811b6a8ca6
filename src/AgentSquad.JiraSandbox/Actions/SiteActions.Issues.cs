using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>Tickets: create, edit, assign, move, delete.</summary>
internal sealed partial class SiteActions
{
    /// <summary>Creates a ticket from <c>{"fields":{},"update":{},"properties":[]}</c>.</summary>
    public SiteIssue Create(JsonObject body)
    {
        Demand("CREATE_ISSUES", "You do not have permission to create issues in this project.");
        var fields = body["fields"] as JsonObject ?? [];
        var missing = new Dictionary<string, string>();
        var parent = fields["parent"] is JsonObject parentReference ? FindParent(parentReference) : null;
        var project = Site.FindProject(Reference(fields["project"], "key", "id")) ?? Site.FindProject(parent?.ProjectKey);
        if (project is null) missing["project"] = "Specify a valid project ID or key";
        if (FindIssueType(fields["issuetype"]) is not { } type) missing["issuetype"] = "Specify a valid issue type";
        else if (type.Subtask && parent is null) missing["parent"] = "Issue type is a sub-task but parent issue key or id not specified.";
        if (string.IsNullOrWhiteSpace(AdfText.String(fields["summary"]))) missing["summary"] = "You must specify a summary of the issue.";
        if (missing.Count > 0) throw new JiraRefusal("The issue is not complete.") { Fields = missing };

        // The draft gets its number only when everything about it is right.
        var issue = new SiteIssue
        {
            Id = "", Key = "", ProjectKey = project!.Key, IssueTypeId = FindIssueType(fields["issuetype"])!.Id, Summary = "",
            StatusId = Catalogue.Statuses[0].Id, CreatorId = actor.AccountId, ReporterId = actor.AccountId, ParentId = parent?.Id,
            Created = Now, Updated = Now, StatusCategoryChanged = Now,
        };
        var rest = (JsonObject)fields.DeepClone();
        foreach (var name in (string[])["project", "issuetype", "parent"]) rest.Remove(name);
        var editor = new FieldEditor(this, Site, issue);
        editor.Apply(rest, body["update"] as JsonObject ?? []);
        SetProperties(issue.Properties, body["properties"]);
        issue.Id = $"{++Site.LastIssueId}";
        issue.Key = $"{project.Key}-{++project.LastNumber}";
        Site.Issues.Add(issue);

        // Recorded creations list these fields only; labels and components are read from the ticket itself.
        var items = editor.Items.FindAll(item => item.FieldId is "summary" or "description" or "priority" or "reporter" or "assignee");
        if (items.TrueForAll(item => item.FieldId != "priority"))
            items.Add(new("priority", "priority", null, null, issue.PriorityId, Catalogue.Priority(issue.PriorityId).Name));
        if (items.TrueForAll(item => item.FieldId != "reporter")) items.Add(new("reporter", "reporter", null, null, actor.AccountId, actor.DisplayName));
        items.Add(new("Status", "status", null, null, issue.StatusId, Catalogue.Status(issue.StatusId).Name));
        var change = new SiteChange { Id = Site.NextId(), AuthorId = actor.AccountId, Created = Now, Items = items };
        Announce(issue, Payloads.Issue("jira:issue_created", "issue_created", issue, change));
        foreach (var comment in editor.Comments) AddComment(issue, comment);
        return issue;
    }

    /// <summary>Edits a ticket with <c>{"fields":{},"update":{}}</c>; nothing is changed when any part is wrong.</summary>
    public void Edit(SiteIssue issue, JsonObject body)
    {
        Demand("EDIT_ISSUES", "You do not have permission to edit issues in this project.");
        var fields = body["fields"] as JsonObject ?? [];
        var update = body["update"] as JsonObject ?? [];
        if (fields.Count == 0 && update.Count == 0 && body["properties"] is null) throw new JiraRefusal("No fields were given to edit.");
        var editor = new FieldEditor(this, Site, issue);
        editor.Apply(fields, update);
        SetProperties(issue.Properties, body["properties"]);
        Record(issue, editor.Items);
        foreach (var comment in editor.Comments) AddComment(issue, comment);
    }

    /// <summary>Assigns a ticket; null takes the assignee away.</summary>
    public void Assign(SiteIssue issue, SiteUser? user)
    {
        Demand("ASSIGN_ISSUES", "You do not have permission to assign issues.");
        var editor = new FieldEditor(this, Site, issue);
        editor.SetAssignee(user);
        Record(issue, editor.Items);
    }

    /// <summary>The transitions that the actor may do; empty without the right.</summary>
    public IReadOnlyList<SiteStatus> Transitions() => Permissions.Has(Site, actor, "TRANSITION_ISSUES") ? Catalogue.Statuses : [];

    /// <summary>Does a transition, with the fields and comments that go with it.</summary>
    public void Transition(SiteIssue issue, JsonObject body)
    {
        var id = Reference(body["transition"], "id") ?? throw new JiraRefusal("Missing 'transition' identifier");
        var target = Transitions().FirstOrDefault(status => status.TransitionId == id)
            ?? throw new JiraRefusal($"Transition id '{id}' is not valid for this issue.");
        var editor = new FieldEditor(this, Site, issue);
        editor.Apply(body["fields"] as JsonObject ?? [], body["update"] as JsonObject ?? []);
        editor.SetStatus(target, Now);
        Record(issue, editor.Items);
        foreach (var comment in editor.Comments) AddComment(issue, comment);
    }

    /// <summary>Deletes a ticket with its links; one with sub-tasks only when asked to take them along.</summary>
    public void Delete(SiteIssue issue, bool withSubtasks)
    {
        Demand("DELETE_ISSUES", "You do not have permission to delete issues in this project.");
        var subtasks = Site.Issues.FindAll(other => other.ParentId == issue.Id && Site.IssueType(other).Subtask);
        if (subtasks.Count > 0 && !withSubtasks)
            throw new JiraRefusal($"The issue '{issue.Key}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.");
        foreach (var subtask in subtasks) Delete(subtask, withSubtasks: true);
        Announce(issue, Payloads.Deleted(issue));
        Site.Issues.Remove(issue);
        Site.IssueLinks.RemoveAll(link => link.InwardId == issue.Id || link.OutwardId == issue.Id);
    }

    /// <summary>Finds the ticket type that a reference names; one that an administrator names is made.</summary>
    public SiteIssueType? FindIssueType(JsonNode? reference)
    {
        if (Reference(reference, "id") is { } id) return Site.IssueTypes.Find(type => type.Id == id);
        if (Reference(reference, "name") is not { Length: > 0 } name) return null;
        return Site.IssueTypes.Find(type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? (MayMake ? SiteSetup.AddIssueType(Site, name, "") : null);
    }

    /// <summary>Finds a component of a project, or null; one that an administrator names is made.</summary>
    public SiteComponent? FindComponent(SiteProject project, JsonNode? reference)
    {
        if (Reference(reference, "id") is { } id) return project.Components.Find(component => component.Id == id);
        if (Reference(reference, "name") is not { Length: > 0 } name) return null;
        return project.Components.Find(component => component.Name == name) ?? (MayMake ? SiteSetup.AddComponent(Site, project, name) : null);
    }

    // Unlike a real site: whoever tries the sandbox with tickets of their own should not have to set up a project first.
    private bool MayMake => Permissions.Has(Site, actor, "ADMINISTER_PROJECTS");

    /// <summary>Finds the account that a reference names; null for an empty reference.</summary>
    /// <exception cref="JiraRefusal">The account is not there.</exception>
    public SiteUser? FindUser(JsonNode? reference, string field)
    {
        if (reference is null) return null;
        var id = view.IsCloud ? Reference(reference, "accountId", "id") : Reference(reference, "name", "key");
        if (string.IsNullOrEmpty(id)) return null;
        return Site.Users.Find(user => user.Active && (user.AccountId == id || (!view.IsCloud && user.Name == id)))
            ?? throw JiraRefusal.WrongField(field, view.IsCloud ? $"User '{id}' does not exist." : $"User '{id}' does not exist.");
    }

    /// <summary>First of the named members of a reference object that is there.</summary>
    public static string? Reference(JsonNode? reference, params string[] names) => reference is not JsonObject members
        ? null
        : names.Select(name => AdfText.String(members[name])).FirstOrDefault(value => value is not null);

    private SiteIssue FindParent(JsonObject reference) =>
        Site.FindIssue(Reference(reference, "id", "key") ?? "") is { } parent && Permissions.MaySee(Site, actor, parent)
            ? parent
            : throw JiraRefusal.WrongField("parent", "Could not find issue by id or key.");

    private void Record(SiteIssue issue, List<SiteChangeItem> items)
    {
        if (items.Count == 0)
        {
            store.MarkChanged();
            return;
        }

        issue.Updated = Now;
        var change = new SiteChange { Id = Site.NextId(), AuthorId = actor.AccountId, Created = Now, Items = [.. items] };
        issue.Changes.Add(change);
        var name = items switch
        {
            _ when items.Any(item => item.FieldId is "status" or "resolution") => "issue_generic",
            [{ FieldId: "assignee" }] => "issue_assigned",
            _ => "issue_updated",
        };
        Announce(issue, Payloads.Issue("jira:issue_updated", name, issue, change));
    }
}
