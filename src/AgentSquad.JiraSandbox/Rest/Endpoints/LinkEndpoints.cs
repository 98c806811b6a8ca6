using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Links between tickets and to the web.</summary>
internal static class LinkEndpoints
{
    /// <summary>Maps the link resources.</summary>
    public static void MapLinks(this RouteGroupBuilder group)
    {
        group.MapGet("/issueLinkType", (RestCall call) => Answers.Json(new JsonObject
        {
            ["issueLinkTypes"] = new JsonArray([.. Catalogue.LinkTypes.Select(type => FieldShapes.LinkType(call.View, type))]),
        }));
        group.MapPost("/issueLink", (RestCall call) =>
        {
            call.Actions.Link(call.Body);
            return Results.StatusCode(StatusCodes.Status201Created);
        });
        group.MapGet("/issueLink/{id}", (string id, RestCall call) => Answers.Json(Whole(call, call.Actions.FindLink(id))));
        group.MapDelete("/issueLink/{id}", (string id, RestCall call) =>
        {
            call.Actions.Unlink(id);
            return Answers.NoContent();
        });

        const string web = "/issue/{idOrKey}/remotelink";
        group.MapGet(web, (string idOrKey, RestCall call) => ListWeb(call, call.Actions.Issue(idOrKey)));
        group.MapPost(web, (string idOrKey, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            var (link, isNew) = call.Actions.LinkToWeb(issue, call.Body);
            return Answers.Json(
                new JsonObject { ["id"] = link.Id, ["self"] = call.View.Self($"issue/{issue.Id}/remotelink/{link.Id}") },
                isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        });
        group.MapDelete(web, (string idOrKey, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            var link = issue.RemoteLinks.Find(link => link.GlobalId == call.Query("globalId"))
                ?? throw JiraRefusal.NotFound("The remote issue link with the given global id does not exist.");
            call.Actions.UnlinkFromWeb(issue, link);
            return Answers.NoContent();
        });
        group.MapGet(web + "/{id}", (string idOrKey, string id, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            return Answers.Json(Web(call, issue, SiteActions.RemoteLink(issue, id)));
        });
        group.MapPut(web + "/{id}", (string idOrKey, long id, RestCall call) =>
        {
            call.Actions.LinkToWeb(call.Actions.Issue(idOrKey), call.Body, id);
            return Answers.NoContent();
        });
        group.MapDelete(web + "/{id}", (string idOrKey, string id, RestCall call) =>
        {
            var issue = call.Actions.Issue(idOrKey);
            call.Actions.UnlinkFromWeb(issue, SiteActions.RemoteLink(issue, id));
            return Answers.NoContent();
        });
    }

    private static IResult ListWeb(RestCall call, SiteIssue issue)
    {
        if (call.Query("globalId") is not { Length: > 0 } globalId)
            return Answers.Json(new JsonArray([.. issue.RemoteLinks.Select(link => Web(call, issue, link))]));

        // Asked by global id, Jira answers one link and not a list.
        return issue.RemoteLinks.Find(link => link.GlobalId == globalId) is { } found
            ? Answers.Json(Web(call, issue, found))
            : throw JiraRefusal.NotFound("The remote issue link with the given global id does not exist.");
    }

    private static JsonObject Web(RestCall call, SiteIssue issue, SiteRemoteLink link)
    {
        var shape = new JsonObject { ["id"] = link.Id, ["self"] = call.View.Self($"issue/{issue.Id}/remotelink/{link.Id}") };
        if (link.GlobalId.Length > 0) shape["globalId"] = link.GlobalId;
        shape["application"] = link.Application.DeepClone();
        if (link.Relationship.Length > 0) shape["relationship"] = link.Relationship;
        shape["object"] = link.Object.DeepClone();
        return shape;
    }

    private static JsonObject Whole(RestCall call, SiteIssueLink link)
    {
        var type = Catalogue.LinkTypes.First(type => type.Id == link.TypeId);
        return new JsonObject
        {
            ["id"] = link.Id,
            ["self"] = call.View.Self($"issueLink/{link.Id}"),
            ["type"] = FieldShapes.LinkType(call.View, type),
            ["inwardIssue"] = FieldShapes.IssueReference(call.View, call.Actions.Issue(link.InwardId)),
            ["outwardIssue"] = FieldShapes.IssueReference(call.View, call.Actions.Issue(link.OutwardId)),
        };
    }
}
