using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Security levels, and which fields a new or existing ticket takes.</summary>
internal static class SchemeEndpoints
{
    private static readonly (string Id, string Name, bool Required, string Type, string? Items)[] Fields =
    [
        ("summary", "Summary", true, "string", null), ("issuetype", "Issue Type", true, "issuetype", null), ("project", "Project", true, "project", null),
        ("description", "Description", false, "string", null), ("labels", "Labels", false, "array", "string"),
        ("components", "Components", false, "array", "component"), ("priority", "Priority", false, "priority", null),
        ("assignee", "Assignee", false, "user", null), ("reporter", "Reporter", false, "user", null), ("parent", "Parent", false, "issuelink", null),
        ("duedate", "Due date", false, "date", null), ("environment", "Environment", false, "string", null),
        ("security", "Security Level", false, "securitylevel", null),
    ];

    /// <summary>Maps the resources.</summary>
    public static void MapSchemes(this RouteGroupBuilder group)
    {
        group.MapGet("/securitylevel/{id}", (string id, RestCall call) => Answers.Json(FieldShapes.SecurityLevel(call.View,
            Catalogue.SecurityLevels.FirstOrDefault(level => level.Id == id) ?? throw JiraRefusal.NotFound("The security level does not exist."))));
        group.MapGet("/project/{idOrKey}/securitylevel", (string idOrKey, RestCall call) =>
        {
            Known(call, idOrKey);
            return Answers.Json(new JsonObject
            {
                ["levels"] = new JsonArray([.. Catalogue.SecurityLevels.Select(level => FieldShapes.SecurityLevel(call.View, level))]),
            });
        });
        group.MapGet("/issue/createmeta/{project}/issuetypes", (string project, RestCall call) =>
        {
            Known(call, project);
            return Answers.Json(Answers.Page(
                call, call.Site.IssueTypes.ConvertAll(type => FieldShapes.IssueType(call.View, type)), call.View.IsCloud ? "issueTypes" : "values"));
        });
        group.MapGet("/issue/createmeta/{project}/issuetypes/{type}", (string project, string type, RestCall call) =>
        {
            Known(call, project);
            if (!call.Site.IssueTypes.Exists(known => known.Id == type)) throw JiraRefusal.NotFound("The issue type does not exist.");
            return Answers.Json(Answers.Page(call, [.. Fields.Select(Field)], call.View.IsCloud ? "fields" : "values"));
        });
        group.MapGet("/issue/{idOrKey}/editmeta", (string idOrKey, RestCall call) =>
        {
            call.Actions.Issue(idOrKey);
            var fields = new JsonObject();
            foreach (var field in Fields.Where(field => field.Id != "project"))
            {
                var shape = Field(field);
                shape.Remove("fieldId");
                fields[field.Id] = shape;
            }

            return Answers.Json(new JsonObject { ["fields"] = fields });
        });
    }

    private static void Known(RestCall call, string project)
    {
        if (call.Site.FindProject(project) is null) throw JiraRefusal.NotFound($"No project could be found with key '{project}'.");
    }

    private static JsonObject Field((string Id, string Name, bool Required, string Type, string? Items) field)
    {
        var schema = new JsonObject { ["type"] = field.Type, ["system"] = field.Id };
        if (field.Items is not null) schema["items"] = field.Items;
        return new JsonObject
        {
            ["required"] = field.Required,
            ["schema"] = schema,
            ["name"] = field.Name,
            ["key"] = field.Id,
            ["hasDefaultValue"] = false,
            ["operations"] = field.Type == "array" ? new JsonArray("add", "set", "remove") : new JsonArray("set"),
            ["fieldId"] = field.Id,
        };
    }
}
