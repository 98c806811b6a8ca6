using System.Text.Json.Nodes;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Entity properties of tickets and comments.</summary>
internal static class PropertyEndpoints
{
    /// <summary>Maps the property resources.</summary>
    public static void MapProperties(this RouteGroupBuilder group)
    {
        Map(group, "/issue/{id}/properties", (call, id) => (call.Actions.Issue(id).Properties, "issue"));
        Map(group, "/comment/{id}/properties", (call, id) => (OfComment(call, id), "comment"));
    }

    private static void Map(RouteGroupBuilder group, string path, Func<RestCall, string, (Dictionary<string, JsonNode?> Properties, string Kind)> find)
    {
        group.MapGet(path, (string id, RestCall call) =>
        {
            var (properties, kind) = find(call, id);
            return Answers.Json(new JsonObject
            {
                ["keys"] = new JsonArray([.. properties.Keys.Select(key =>
                    new JsonObject { ["self"] = call.View.Self($"{kind}/{id}/properties/{key}"), ["key"] = key })]),
            });
        });
        group.MapGet(path + "/{key}", (string id, string key, RestCall call) =>
            find(call, id).Properties.TryGetValue(key, out var value)
                ? Answers.Json(new JsonObject { ["key"] = key, ["value"] = value?.DeepClone() })
                : throw NoProperty(key));
        group.MapPut(path + "/{key}", (string id, string key, RestCall call) =>
        {
            var isNew = call.Actions.SetProperty(find(call, id).Properties, key, call.AnyBody);
            return Results.StatusCode(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        });
        group.MapDelete(path + "/{key}", (string id, string key, RestCall call) =>
            find(call, id).Properties.Remove(key) ? Answers.NoContent() : throw NoProperty(key));
    }

    private static Dictionary<string, JsonNode?> OfComment(RestCall call, string id)
    {
        foreach (var issue in call.Site.Issues)
        {
            if (issue.Comments.Exists(comment => comment.Id == id)) return call.Actions.Comment(call.Actions.Issue(issue.Id), id).Properties;
        }

        throw JiraRefusal.NotFound($"Can not find a comment for the id: {id}.");
    }

    private static JiraRefusal NoProperty(string key) => JiraRefusal.NotFound($"The property with key '{key}' does not exist.");
}
