using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Tickets.</summary>
internal static class IssueEndpoints
{
    /// <summary>Maps create, read, edit, assign, delete and the change log.</summary>
    public static void MapIssues(this RouteGroupBuilder group)
    {
        group.MapPost("/issue", (RestCall call) =>
        {
            var issue = call.Actions.Create(call.Body);
            return Answers.Created(new JsonObject { ["id"] = issue.Id, ["key"] = issue.Key, ["self"] = call.View.Self($"issue/{issue.Id}") });
        });
        group.MapGet("/issue/{idOrKey}", (string idOrKey, RestCall call) => Answers.Json(Read(call, call.Actions.Issue(idOrKey))));
        group.MapPut("/issue/{idOrKey}", (string idOrKey, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            call.Actions.Edit(issue, call.Body);
            return call.Query("returnIssue") == "true" ? Answers.Json(Read(call, issue)) : Answers.NoContent();
        });
        group.MapDelete("/issue/{idOrKey}", (string idOrKey, RestCall call) =>
        {
            call.Actions.Delete(call.Actions.Issue(idOrKey), call.Query("deleteSubtasks") == "true");
            return Answers.NoContent();
        });
        group.MapPut("/issue/{idOrKey}/assignee", (string idOrKey, RestCall call) =>
        {
            call.Actions.Assign(call.Actions.Issue(idOrKey), call.Actions.FindUser(call.Body, "assignee"));
            return Answers.NoContent();
        });
        group.MapGet("/issue/{idOrKey}/changelog", (string idOrKey, RestCall call) =>
            Answers.Json(Answers.Page(call, Changes(call, call.Actions.Issue(idOrKey)), maximum: 100)));
    }

    /// <summary>A ticket as the query asks for it.</summary>
    /// <param name="call">The request.</param>
    /// <param name="issue">The ticket.</param>
    /// <param name="fields">Fields; null takes them from the query.</param>
    /// <param name="expand">Expansions; null takes them from the query.</param>
    public static JsonObject Read(RestCall call, SiteIssue issue, IReadOnlySet<string>? fields = null, IReadOnlySet<string>? expand = null)
    {
        expand ??= call.QueryList("expand");
        var shape = IssueShape.Of(call.View, issue, fields ?? call.QueryList("fields"), comment => call.Actions.MaySee(issue, comment));
        if (expand.Contains("transitions")) shape["transitions"] = TransitionEndpoints.Shapes(call, issue);
        if (expand.Contains("changelog"))
        {
            var changes = Changes(call, issue).ToArray<JsonNode>();
            shape["changelog"] = new JsonObject
            {
                ["startAt"] = 0, ["maxResults"] = changes.Length, ["total"] = changes.Length, ["histories"] = new JsonArray(changes),
            };
        }

        if (expand.Contains("names"))
            shape["names"] = new JsonObject(((JsonObject)shape["fields"]!).Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, field.Key)));
        var properties = call.QueryList("properties");
        if (properties.Count > 0)
        {
            shape["properties"] = new JsonObject(issue.Properties
                .Where(property => properties.Contains(property.Key) || properties.Contains("*all"))
                .Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone())));
        }

        return shape;
    }

    private static List<JsonObject> Changes(RestCall call, SiteIssue issue) =>
        issue.Changes.ConvertAll(change => IssueShape.Change(call.View, change));
}
