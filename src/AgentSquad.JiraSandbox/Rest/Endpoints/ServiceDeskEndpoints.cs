using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Comments of a service desk, public or internal.</summary>
internal static class ServiceDeskEndpoints
{
    /// <summary>Maps the resources; they exist for service desk projects only.</summary>
    public static void MapServiceDesk(this WebApplication app)
    {
        var group = app.MapGroup("/rest/servicedeskapi").AddEndpointFilter(RestApi.InsideTheGateAsync);
        group.MapGet("/request/{idOrKey}/comment", (string idOrKey, RestCall call) =>
        {
            var issue = Request(call, idOrKey);
            var values = issue.Comments.FindAll(comment => call.Actions.MaySee(issue, comment)
                && (comment.Public ? call.Query("public") != "false" : call.Query("internal") != "false"));
            return Answers.Json(new JsonObject
            {
                ["size"] = values.Count, ["start"] = 0, ["limit"] = 50, ["isLastPage"] = true,
                ["values"] = new JsonArray([.. values.Select(comment => Shape(call, issue, comment))]),
            });
        });
        group.MapPost("/request/{idOrKey}/comment", (string idOrKey, RestCall call) =>
        {
            var issue = Request(call, idOrKey);
            if (call.Body["public"] is not JsonValue isPublic || !isPublic.TryGetValue<bool>(out var open))
                throw new JiraRefusal("'public' is required.");

            // The service desk takes text with wiki markup in every version.
            var comment = call.Actions.AddComment(issue, new JsonObject
            {
                ["body"] = AdfText.String(call.Body["body"]),
                ["properties"] = open ? null : new JsonArray(new JsonObject
                {
                    ["key"] = "sd.public.comment", ["value"] = new JsonObject { ["internal"] = true },
                }),
            });
            return Answers.Created(Shape(call, issue, comment));
        });
    }

    private static SiteIssue Request(RestCall call, string idOrKey)
    {
        if (!call.View.IsCloud && call.Http.Request.Headers["X-ExperimentalApi"] != "opt-in")
            throw new JiraRefusal("This is an experimental API. Send the header X-ExperimentalApi: opt-in.") { Status = StatusCodes.Status412PreconditionFailed };
        var issue = call.Actions.Issue(idOrKey);
        return call.Site.FindProject(issue.ProjectKey)?.ServiceDesk == true
            ? issue
            : throw JiraRefusal.NotFound("The request does not exist or belongs to no service desk.");
    }

    private static JsonObject Shape(RestCall call, SiteIssue issue, SiteComment comment) => new()
    {
        ["id"] = comment.Id,
        ["body"] = comment.Body.ToWiki(),
        ["public"] = comment.Public,
        ["author"] = UserShape.Of(call.View, comment.AuthorId),
        ["created"] = new JsonObject
        {
            ["iso8601"] = FieldShapes.Time(comment.Created),
            ["jira"] = FieldShapes.Time(comment.Created),
            ["friendly"] = "just now",
            ["epochMillis"] = comment.Created.ToUnixTimeMilliseconds(),
        },
        ["_links"] = new JsonObject { ["self"] = $"{call.View.BaseUrl}/rest/servicedeskapi/request/{issue.Id}/comment/{comment.Id}" },
    };
}
