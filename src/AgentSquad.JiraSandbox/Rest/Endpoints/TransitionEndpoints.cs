using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>The way of a ticket through its workflow: every status is reached by a global transition without a screen.</summary>
internal static class TransitionEndpoints
{
    /// <summary>Maps the transition resources.</summary>
    public static void MapTransitions(this RouteGroupBuilder group)
    {
        group.MapGet("/issue/{idOrKey}/transitions", (string idOrKey, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            return Answers.Json(new JsonObject { ["expand"] = "transitions", ["transitions"] = Shapes(call, issue, call.Query("transitionId")) });
        });
        group.MapPost("/issue/{idOrKey}/transitions", (string idOrKey, RestCall call) =>
        {
            call.Actions.Transition(call.Actions.Issue(idOrKey), call.Body);
            return Answers.NoContent();
        });
    }

    /// <summary>The transitions that the caller may do now; a status has none to itself.</summary>
    public static JsonArray Shapes(RestCall call, SiteIssue issue, string? onlyId = null) => new([.. call.Actions.Transitions()
        .Where(status => status.Id != issue.StatusId && (onlyId is null || status.TransitionId == onlyId))
        .Select(status => Shape(call.View, status))]);

    private static JsonObject Shape(View view, SiteStatus status)
    {
        var shape = new JsonObject { ["id"] = status.TransitionId, ["name"] = status.Name, ["to"] = FieldShapes.Status(view, status) };
        if (!view.IsCloud) return shape;
        shape["hasScreen"] = false;
        shape["isGlobal"] = true;
        shape["isInitial"] = false;
        shape["isAvailable"] = true;
        shape["isConditional"] = false;
        shape["looped"] = false;
        return shape;
    }
}
