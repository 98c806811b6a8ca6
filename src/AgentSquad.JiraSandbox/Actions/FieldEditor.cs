using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>Reads the fields of a create or edit request, checks all, then sets all; collects what changed.</summary>
internal sealed class FieldEditor(SiteActions actions, SiteModel site, SiteIssue issue)
{
    private readonly List<Action> _changes = [];
    private readonly Dictionary<string, string> _errors = [];

    /// <summary>What changed.</summary>
    public List<SiteChangeItem> Items { get; } = [];

    /// <summary>Comments that came with the edit, to be added by the caller.</summary>
    public List<JsonObject> Comments { get; } = [];

    /// <summary>Applies values (<c>fields</c>) and operations (<c>update</c>).</summary>
    /// <exception cref="JiraRefusal">Something is wrong; nothing was changed.</exception>
    public void Apply(JsonObject fields, JsonObject update)
    {
        foreach (var (name, value) in fields) Try(name, () => Set(name, value));
        foreach (var (name, operations) in update)
        {
            if (fields.ContainsKey(name)) _errors[name] = $"Field '{name}' cannot appear in both 'fields' and 'update'";
            else Try(name, () => Update(name, operations as JsonArray ?? []));
        }

        if (_errors.Count > 0) throw new JiraRefusal("Some fields are wrong.") { Fields = _errors };
        foreach (var change in _changes) change();
    }

    /// <summary>Sets the assignee at once.</summary>
    public void SetAssignee(SiteUser? user)
    {
        if (issue.AssigneeId == user?.AccountId) return;
        Items.Add(new("assignee", "assignee", issue.AssigneeId, Name(issue.AssigneeId), user?.AccountId, user?.DisplayName));
        issue.AssigneeId = user?.AccountId;
    }

    /// <summary>Sets the status at once, and the resolution with it.</summary>
    public void SetStatus(SiteStatus target, DateTimeOffset now)
    {
        var current = Catalogue.Status(issue.StatusId);
        if (current.Id == target.Id) return;
        var done = target.Category == StatusCategory.Done;
        if (done != issue.Resolved.HasValue)
        {
            Items.Add(done ? new("resolution", "resolution", null, null, "10000", "Done") : new("resolution", "resolution", "10000", "Done", null, null));
            issue.Resolved = done ? now : null;
        }

        Items.Add(new("status", "status", current.Id, current.Name, target.Id, target.Name));
        if (current.Category != target.Category) issue.StatusCategoryChanged = now;
        issue.StatusId = target.Id;
    }

    private void Try(string name, Action read)
    {
        try
        {
            read();
        }
        catch (JiraRefusal refusal) when (refusal.Field is not null)
        {
            _errors[name] = refusal.Message;
        }
    }

    private void Set(string name, JsonNode? value)
    {
        switch (name)
        {
            case "summary": SetSummary(value); break;
            case "description": SetText(name, value, () => issue.Description, text => issue.Description = text); break;
            case "environment": SetText(name, value, () => issue.Environment, text => issue.Environment = text); break;
            case "labels": SetLabels(Strings(name, value)); break;
            case "components": SetComponents(value as JsonArray ?? []); break;
            case "priority": SetPriority(value); break;
            case "issuetype": SetIssueType(value); break;
            case "assignee":
                var assignee = actions.FindUser(value, name);
                _changes.Add(() => SetAssignee(assignee));
                break;
            case "reporter":
                var reporter = actions.FindUser(value, name);
                _changes.Add(() => SetReporter(reporter));
                break;
            case "duedate": SetDueDate(AdfText.String(value)); break;
            case "security": SetSecurity(value); break;
            case "parent": SetParent(value); break;
            case "fixVersions" or "versions" when value is JsonArray { Count: 0 }: break;
            default:
                if (!name.StartsWith("customfield_", StringComparison.Ordinal)) throw Unknown(name);
                SetCustom(name, value);
                break;
        }
    }

    private void Update(string name, JsonArray operations)
    {
        var labels = new List<string>(issue.Labels);
        var components = new JsonArray([.. issue.ComponentIds.Select(id => new JsonObject { ["id"] = id })]);
        foreach (var (verb, value) in operations.OfType<JsonObject>().SelectMany(operation => operation))
        {
            switch (name, verb)
            {
                case (_, "set"): Set(name, value); return;
                case ("labels", "add"): labels.Add(AdfText.String(value) ?? ""); break;
                case ("labels", "remove"): labels.RemoveAll(label => label == AdfText.String(value)); break;
                case ("components", "add"): components.Add(value?.DeepClone()); break;
                case ("components", "remove"): components = Without(components, value); break;
                case ("comment", "add"):
                    actions.ReadText((value as JsonObject)?["body"], "comment", "Comment body is not valid!");
                    Comments.Add((JsonObject)value!);
                    break;
                default: throw JiraRefusal.WrongField(name, $"Operation '{verb}' is not supported for field '{name}'.");
            }
        }

        if (name == "labels") SetLabels(labels);
        else if (name == "components") SetComponents(components);
        else if (name != "comment") throw Unknown(name);
    }

    private JsonArray Without(JsonArray components, JsonNode? value)
    {
        var gone = FindComponent(value).Id;
        return new JsonArray([.. components.Where(component => FindComponent(component).Id != gone).Select(component => component?.DeepClone())]);
    }

    private void SetSummary(JsonNode? value)
    {
        var text = AdfText.String(value)?.Trim() ?? "";
        if (text.Length == 0) throw JiraRefusal.WrongField("summary", "You must specify a summary of the issue.");
        if (text.Contains('\n', StringComparison.Ordinal)) throw JiraRefusal.WrongField("summary", "The summary is invalid because it contains newline characters.");
        if (text.Length > 255) throw JiraRefusal.WrongField("summary", "Summary must be less than 255 characters.");
        Change("summary", null, Empty(issue.Summary), null, text, () => issue.Summary = text);
    }

    private void SetText(string name, JsonNode? value, Func<RichText?> get, Action<RichText?> set)
    {
        var text = actions.ReadText(value, name, "Operation value must be an Atlassian Document (see the Atlassian Document Format)");
        Change(name, null, get()?.ToWiki(), null, text?.ToWiki(), () => set(text));
    }

    private void SetLabels(IEnumerable<string> wanted)
    {
        var labels = wanted.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        foreach (var label in labels)
        {
            if (label.Length == 0 || label.Any(char.IsWhiteSpace)) throw JiraRefusal.WrongField("labels", $"The label '{label}' contains spaces which is invalid.");
            if (label.Length > 255) throw JiraRefusal.WrongField("labels", $"The label '{label}' exceeds the limit of 255 characters.");
        }

        Change("labels", null, string.Join(' ', issue.Labels), null, string.Join(' ', labels), () => issue.Labels = labels);
    }

    private void SetComponents(JsonArray wanted)
    {
        var components = wanted.Select(FindComponent).DistinctBy(component => component.Id).ToList();
        var before = site.FindProject(issue.ProjectKey)!.Components.FindAll(component => issue.ComponentIds.Contains(component.Id));
        foreach (var gone in before.Except(components)) Items.Add(new("Component", "components", gone.Id, gone.Name, null, null));
        foreach (var added in components.Except(before)) Items.Add(new("Component", "components", null, null, added.Id, added.Name));
        _changes.Add(() => issue.ComponentIds = components.ConvertAll(component => component.Id));
    }

    private SiteComponent FindComponent(JsonNode? reference) =>
        actions.FindComponent(site.FindProject(issue.ProjectKey)!, reference)
            ?? throw JiraRefusal.WrongField(
                "components", $"Component name '{SiteActions.Reference(reference, "name", "id")}' is not valid");

    private void SetPriority(JsonNode? value)
    {
        var id = SiteActions.Reference(value, "id");
        var name = SiteActions.Reference(value, "name");
        var priority = Catalogue.Priorities.FirstOrDefault(priority => id is null ? priority.Name == name : priority.Id == id)
            ?? throw JiraRefusal.WrongField("priority", "The priority selected is invalid.");
        var before = Catalogue.Priority(issue.PriorityId);
        Change("priority", before.Id, before.Name, priority.Id, priority.Name, () => issue.PriorityId = priority.Id);
    }

    private void SetIssueType(JsonNode? value)
    {
        var type = actions.FindIssueType(value) ?? throw JiraRefusal.WrongField("issuetype", "The issue type selected is invalid.");
        var before = site.IssueType(issue);
        Change("issuetype", before.Id, before.Name, type.Id, type.Name, () => issue.IssueTypeId = type.Id);
    }

    private void SetReporter(SiteUser? user)
    {
        if (issue.ReporterId == user?.AccountId) return;
        Items.Add(new("reporter", "reporter", issue.ReporterId, Name(issue.ReporterId), user?.AccountId, user?.DisplayName));
        issue.ReporterId = user?.AccountId;
    }

    private void SetDueDate(string? value)
    {
        if (value is not null && !DateOnly.TryParseExact(value, "yyyy-MM-dd", out _))
            throw JiraRefusal.WrongField("duedate", "Operation value must be a string in the format \"yyyy-MM-dd\"");
        Change("duedate", issue.DueDate, issue.DueDate, value, value, () => issue.DueDate = value);
    }

    private void SetSecurity(JsonNode? value)
    {
        actions.Demand("SET_ISSUE_SECURITY", "You do not have permission to set the security level.");
        SiteSecurityLevel? level = null;
        if (value is not null)
        {
            level = Catalogue.SecurityLevels.FirstOrDefault(level =>
                    level.Id == SiteActions.Reference(value, "id") || level.Name == SiteActions.Reference(value, "name"))
                ?? throw JiraRefusal.WrongField("security", "The security level selected is invalid.");
        }

        var before = Catalogue.SecurityLevels.FirstOrDefault(level => level.Id == issue.SecurityLevelId);
        Change("security", before?.Id, before?.Name, level?.Id, level?.Name, () => issue.SecurityLevelId = level?.Id);
    }

    private void SetParent(JsonNode? value)
    {
        var parent = value is null ? null : site.FindIssue(SiteActions.Reference(value, "id", "key") ?? "")
            ?? throw JiraRefusal.WrongField("parent", "Could not find issue by id or key.");
        var before = site.Issues.Find(other => other.Id == issue.ParentId);
        Change("Parent", before?.Id, before?.Key, parent?.Id, parent?.Key, () => issue.ParentId = parent?.Id, "parent");
    }

    private void SetCustom(string name, JsonNode? value)
    {
        var before = issue.Custom[name]?.ToJsonString();
        var after = value?.ToJsonString();
        var copy = value?.DeepClone();
        if (before == after) return;
        Items.Add(new(name, name, null, before, null, after, "custom"));
        _changes.Add(() => issue.Custom[name] = copy);
    }

    private void Change(string field, string? from, string? fromText, string? to, string? toText, Action apply, string? fieldId = null)
    {
        if (from == to && (fromText ?? "") == (toText ?? "")) return;
        Items.Add(new(field, fieldId ?? field, from, fromText, to, toText));
        _changes.Add(apply);
    }

    private static List<string> Strings(string name, JsonNode? value) => value is null ? [] : value is JsonArray array
        ? [.. array.Select(item => AdfText.String(item) ?? throw JiraRefusal.WrongField(name, "data was not an array of strings"))]
        : throw JiraRefusal.WrongField(name, "data was not an array");

    private string? Name(string? accountId) => site.Users.Find(user => user.AccountId == accountId)?.DisplayName;

    private static string? Empty(string text) => text.Length == 0 ? null : text;

    private static JiraRefusal Unknown(string name) =>
        JiraRefusal.WrongField(name, $"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.");
}
