using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Confluence;

/// <summary>The wiki beside the site: Cloud's v2 pages and spaces and its search; on Data Center the content resource.</summary>
internal static class ConfluenceEndpoints
{
    /// <summary>Maps the resources of both products; each wants the same login as Jira.</summary>
    public static void MapConfluence(this WebApplication app)
    {
        var cloud = app.MapGroup("/wiki/api/v2").AddEndpointFilter(WithWikiErrorsAsync);
        cloud.MapGet("/spaces", (RestCall call) => Answers.Json(PageShapes.List(
            Wiki.Spaces.Where(space => call.Query("keys") is not { } keys || keys.Split(',').Contains(space.Key)).Select(space => PageShapes.Space(call.View, space)))));
        cloud.MapGet("/spaces/{id}", (string id, RestCall call) => Answers.Json(PageShapes.Space(call.View, Wiki.Space(id))));
        cloud.MapGet("/spaces/{id}/operations", (string id, RestCall call) => Answers.Json(PageShapes.Operations(call, Wiki.Space(id))));
        cloud.MapGet("/pages", (RestCall call) => Answers.Json(PageShapes.List(call.Site.Pages
            .Where(page => (call.Query("title") is not { } title || page.Title == title) && (call.Query("space-id") is not { } space || page.SpaceId == space))
            .Select(page => PageShapes.Cloud(call, page, isList: true)))));
        cloud.MapPost("/pages", (RestCall call, TimeProvider time, SiteStore store) =>
        {
            var body = call.Body;
            var page = Wiki.Create(
                call, time, AdfText.String(body["spaceId"]), AdfText.String(body["title"]), AdfText.String(body["parentId"]), PageBody.Read(body["body"]));
            store.MarkChanged();
            return Answers.Json(PageShapes.Cloud(call, page, isList: false));
        });
        cloud.MapGet("/pages/{id}", (string id, RestCall call) => Answers.Json(PageShapes.Cloud(call, Wiki.Page(call, id), isList: false)));
        cloud.MapPut("/pages/{id}", (string id, RestCall call, TimeProvider time, SiteStore store) =>
        {
            var body = call.Body;
            var page = Wiki.Page(call, id);
            Wiki.Update(page, time, body["version"] as JsonObject, AdfText.String(body["title"]), PageBody.Read(body["body"]));
            store.MarkChanged();
            return Answers.Json(PageShapes.Cloud(call, page, isList: false));
        });
        cloud.MapDelete("/pages/{id}", (string id, RestCall call, SiteStore store) => Delete(call, store, id));
        app.MapGet("/wiki/rest/api/search", (RestCall call) => Answers.Json(PageShapes.SearchResult(call, Cql.Run(call)))).AddEndpointFilter(WithWikiErrorsAsync);

        var server = app.MapGroup("/rest/api").AddEndpointFilter(WithWikiErrorsAsync);
        server.MapGet("/search", (RestCall call) => Answers.Json(PageShapes.SearchResult(call, Cql.Run(call))));
        server.MapGet("/space/{key}", (string key, RestCall call) => Answers.Json(PageShapes.ServerSpace(call.View, Wiki.SpaceByKey(key))));
        server.MapGet("/content", (RestCall call) => Answers.Json(PageShapes.ServerList(call, call.Site.Pages.FindAll(page =>
            (call.Query("title") is not { } title || page.Title == title) && (call.Query("spaceKey") is not { } key || Wiki.Space(page.SpaceId).Key == key)))));
        server.MapGet("/content/search", (RestCall call) => Answers.Json(PageShapes.ServerList(call, Cql.Run(call))));
        server.MapPost("/content", (RestCall call, TimeProvider time, SiteStore store) =>
        {
            var body = call.Body;
            var space = Wiki.SpaceByKey(AdfText.String((body["space"] as JsonObject)?["key"]) ?? "");
            var parent = AdfText.String(((body["ancestors"] as JsonArray)?.LastOrDefault() as JsonObject)?["id"]);
            var page = Wiki.Create(call, time, space.Id, AdfText.String(body["title"]), parent, PageBody.Read(body["body"]));
            store.MarkChanged();
            return Answers.Json(PageShapes.Server(call, page));
        });
        server.MapGet("/content/{id}", (string id, RestCall call) => Answers.Json(PageShapes.Server(call, Wiki.Page(call, id))));
        server.MapPut("/content/{id}", (string id, RestCall call, TimeProvider time, SiteStore store) =>
        {
            var body = call.Body;
            var page = Wiki.Page(call, id);
            Wiki.Update(page, time, body["version"] as JsonObject, AdfText.String(body["title"]), PageBody.Read(body["body"]));
            store.MarkChanged();
            return Answers.Json(PageShapes.Server(call, page));
        });
        server.MapDelete("/content/{id}", (string id, RestCall call, SiteStore store) => Delete(call, store, id));
    }

    private static IResult Delete(RestCall call, SiteStore store, string id)
    {
        call.Site.Pages.Remove(Wiki.Page(call, id));
        store.MarkChanged();
        return Answers.NoContent();
    }

    // Confluence words its refusals in another way than Jira.
    private static async ValueTask<object?> WithWikiErrorsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var store = context.HttpContext.RequestServices.GetRequiredService<SiteStore>();
        using (await store.EnterAsync(CancellationToken.None))
        {
            try
            {
                return await next(context);
            }
            catch (JiraRefusal refusal)
            {
                var cloud = context.HttpContext.Request.Path.StartsWithSegments("/wiki/api/v2", StringComparison.Ordinal);
                return Answers.Json(
                    cloud
                        ? new JsonObject
                        {
                            ["errors"] = new JsonArray(new JsonObject
                            {
                                ["status"] = refusal.Status, ["code"] = Code(refusal.Status), ["title"] = refusal.Message, ["detail"] = null,
                            }),
                        }
                        : new JsonObject { ["statusCode"] = refusal.Status, ["message"] = refusal.Message },
                    refusal.Status);
            }
        }
    }

    private static string Code(int status) => status switch { 404 => "NOT_FOUND", 409 => "CONFLICT", 403 => "FORBIDDEN", _ => "INVALID_REQUEST_PARAMETER" };
}
