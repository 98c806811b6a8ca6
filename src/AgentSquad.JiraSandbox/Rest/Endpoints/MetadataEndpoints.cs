using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>What a client has to know before it writes: projects, statuses, types, priorities, fields, rights.</summary>
internal static class MetadataEndpoints
{
    private static readonly (string Id, string Name, string Type, string? Items)[] SystemFields =
    [
        ("summary", "Summary", "string", null), ("description", "Description", "string", null), ("environment", "Environment", "string", null),
        ("issuetype", "Issue Type", "issuetype", null), ("project", "Project", "project", null), ("status", "Status", "status", null),
        ("priority", "Priority", "priority", null), ("labels", "Labels", "array", "string"), ("components", "Components", "array", "component"),
        ("assignee", "Assignee", "user", null), ("reporter", "Reporter", "user", null), ("creator", "Creator", "user", null),
        ("resolution", "Resolution", "resolution", null), ("duedate", "Due date", "date", null), ("created", "Created", "datetime", null),
        ("updated", "Updated", "datetime", null), ("comment", "Comment", "comments-page", null), ("issuelinks", "Linked Issues", "array", "issuelinks"),
        ("attachment", "Attachment", "array", "attachment"), ("security", "Security Level", "securitylevel", null), ("parent", "Parent", "issuelink", null),
    ];

    /// <summary>Maps the metadata resources.</summary>
    public static void MapMetadata(this RouteGroupBuilder group)
    {
        group.MapGet("/project", (RestCall call) => Answers.Json(new JsonArray([.. call.Site.Projects.Select(project => Project(call, project))])));
        group.MapGet("/project/search", (RestCall call) =>
            Answers.Json(Answers.Page(call, [.. Visible(call).Where(project => Fits(call, project)).Select(project => Project(call, project))])));
        group.MapGet("/project/{idOrKey}", (string idOrKey, RestCall call) => Answers.Json(Project(call, Find(call, idOrKey))));
        group.MapGet("/project/{idOrKey}/statuses", (string idOrKey, RestCall call) =>
        {
            Find(call, idOrKey);
            return Answers.Json(new JsonArray([.. call.Site.IssueTypes.Select(type => TypeWithStatuses(call, type))]));
        });
        group.MapGet("/project/{idOrKey}/components", (string idOrKey, RestCall call) =>
            Answers.Json(new JsonArray([.. Find(call, idOrKey).Components.Select(component => FieldShapes.Component(call.View, component))])));
        group.MapGet("/status", (RestCall call) =>
            Answers.Json(new JsonArray([.. Catalogue.Statuses.Select(status => FieldShapes.Status(call.View, status))])));
        group.MapGet("/status/{idOrName}", (string idOrName, RestCall call) => Answers.Json(FieldShapes.Status(call.View,
            Catalogue.Statuses.FirstOrDefault(status => status.Id == idOrName || status.Name.Equals(idOrName, StringComparison.OrdinalIgnoreCase))
                ?? throw JiraRefusal.NotFound("The status does not exist."))));
        group.MapGet("/issuetype", (RestCall call) =>
            Answers.Json(new JsonArray([.. call.Site.IssueTypes.Select(type => FieldShapes.IssueType(call.View, type))])));
        group.MapGet("/priority", (RestCall call) =>
            Answers.Json(new JsonArray([.. Catalogue.Priorities.Select(priority => FullPriority(call.View, priority))])));
        group.MapGet("/field", (RestCall call) => Answers.Json(new JsonArray([.. SystemFields.Select(field => Field(call.View, field))])));
        group.MapGet("/mypermissions", (RestCall call) => Answers.Json(MyPermissions(call)));
    }

    private static List<SiteProject> Visible(RestCall call) =>
        Permissions.Has(call.Site, call.Caller, "BROWSE_PROJECTS") ? call.Site.Projects : [];

    private static SiteProject Find(RestCall call, string idOrKey) =>
        call.Site.FindProject(idOrKey) is { } project && Visible(call).Contains(project)
            ? project
            : throw JiraRefusal.NotFound($"No project could be found with key '{idOrKey}'.");

    private static bool Fits(RestCall call, SiteProject project)
    {
        var keys = call.QueryList("keys");
        return (keys.Count == 0 || keys.Contains(project.Key))
            && (call.Query("query") is not { Length: > 0 } query || project.Key.Contains(query, StringComparison.OrdinalIgnoreCase) || project.Name.Contains(query, StringComparison.OrdinalIgnoreCase));
    }

    private static JsonObject Project(RestCall call, SiteProject project)
    {
        var shape = FieldShapes.Project(call.View, project);
        shape["description"] = "";
        shape["lead"] = UserShape.Of(call.View, call.Site.Users[0]);
        shape["components"] = new JsonArray([.. project.Components.Select(component => FieldShapes.Component(call.View, component))]);
        shape["issueTypes"] = new JsonArray([.. call.Site.IssueTypes.Select(type => FieldShapes.IssueType(call.View, type))]);
        shape["assigneeType"] = "UNASSIGNED";
        shape["versions"] = new JsonArray();
        shape["roles"] = new JsonObject(Catalogue.Roles.Select(role =>
            KeyValuePair.Create<string, JsonNode?>(role.Name, call.View.Self($"project/{project.Id}/role/{role.Id}"))));
        return shape;
    }

    private static JsonObject TypeWithStatuses(RestCall call, SiteIssueType type) => new()
    {
        ["self"] = call.View.Self($"issuetype/{type.Id}"),
        ["id"] = type.Id,
        ["name"] = type.Name,
        ["subtask"] = type.Subtask,
        ["statuses"] = new JsonArray([.. Catalogue.Statuses.Select(status => FieldShapes.Status(call.View, status))]),
    };

    private static JsonObject FullPriority(View view, SitePriority priority)
    {
        var shape = FieldShapes.Priority(view, priority);
        shape["statusColor"] = priority.Color;
        shape["description"] = "";
        return shape;
    }

    private static JsonObject Field(View view, (string Id, string Name, string Type, string? Items) field)
    {
        var schema = new JsonObject { ["type"] = field.Type, ["system"] = field.Id };
        if (field.Items is not null) schema["items"] = field.Items;
        var shape = new JsonObject
        {
            ["id"] = field.Id,
            ["name"] = field.Name,
            ["custom"] = false,
            ["orderable"] = true,
            ["navigable"] = true,
            ["searchable"] = true,
            ["clauseNames"] = new JsonArray(field.Id),
            ["schema"] = schema,
        };
        if (view.IsCloud) shape["key"] = field.Id;
        return shape;
    }

    private static JsonObject MyPermissions(RestCall call)
    {
        var asked = call.QueryList("permissions");
        if (call.View.IsCloud && asked.Count == 0) throw new JiraRefusal("The 'permissions' query parameter is required.");
        if (asked.FirstOrDefault(key => !Permissions.Known.ContainsKey(key)) is { } unknown)
            throw new JiraRefusal($"Unrecognized permission: {unknown}");
        if (call.Query("projectKey") is { Length: > 0 } key && call.Site.FindProject(key) is null)
            throw JiraRefusal.NotFound($"No project could be found with key '{key}'.");
        if (call.Query("issueKey") is { Length: > 0 } issueKey) call.Actions.Issue(issueKey);
        var list = new JsonObject();
        foreach (var (name, label) in Permissions.Known.Where(known => asked.Count == 0 || asked.Contains(known.Key)))
        {
            list[name] = new JsonObject
            {
                ["id"] = name,
                ["key"] = name,
                ["name"] = label,
                ["type"] = name is "ADMINISTER" or "USER_PICKER" ? "GLOBAL" : "PROJECT",
                ["description"] = label,
                ["havePermission"] = Permissions.Has(call.Site, call.Caller, name),
            };
        }

        return new JsonObject { ["permissions"] = list };
    }
}
