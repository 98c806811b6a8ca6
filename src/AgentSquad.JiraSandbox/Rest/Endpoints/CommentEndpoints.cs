using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Comments.</summary>
internal static class CommentEndpoints
{
    /// <summary>Maps the comment resources.</summary>
    public static void MapComments(this RouteGroupBuilder group)
    {
        group.MapGet("/issue/{idOrKey}/comment", (string idOrKey, RestCall call) => Answers.Json(List(call, call.Actions.Issue(idOrKey))));
        group.MapPost("/issue/{idOrKey}/comment", (string idOrKey, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            return Answers.Created(Shape(call, issue, call.Actions.AddComment(issue, call.Body)));
        });
        group.MapGet("/issue/{idOrKey}/comment/{id}", (string idOrKey, string id, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            return Answers.Json(Shape(call, issue, call.Actions.Comment(issue, id)));
        });
        group.MapPut("/issue/{idOrKey}/comment/{id}", (string idOrKey, string id, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            return Answers.Json(Shape(call, issue, call.Actions.EditComment(issue, call.Actions.Comment(issue, id), call.Body)));
        });
        group.MapDelete("/issue/{idOrKey}/comment/{id}", (string idOrKey, string id, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            call.Actions.DeleteComment(issue, call.Actions.Comment(issue, id));
            return Answers.NoContent();
        });
    }

    private static JsonObject List(RestCall call, SiteIssue issue)
    {
        var comments = issue.Comments.FindAll(comment => call.Actions.MaySee(issue, comment));
        if (call.Query("orderBy") is "-created") comments.Reverse();
        return Answers.Page(call, comments.ConvertAll(comment => Shape(call, issue, comment)), "comments", maximum: 100);
    }

    private static JsonObject Shape(RestCall call, SiteIssue issue, SiteComment comment) =>
        CommentShape.Of(call.View, issue, comment, call.QueryList("expand").Contains("properties"));
}
