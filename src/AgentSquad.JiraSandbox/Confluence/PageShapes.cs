using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Confluence;

/// <summary>Pages and spaces as JSON, for both products.</summary>
internal static class PageShapes
{
    /// <summary>A page of Cloud's v2.</summary>
    public static JsonObject Cloud(RestCall call, SitePage page, bool isList)
    {
        var shape = new JsonObject
        {
            ["id"] = page.Id,
            ["status"] = "current",
            ["title"] = page.Title,
            ["spaceId"] = page.SpaceId,
            ["parentId"] = page.ParentId,
            ["parentType"] = page.ParentId is null ? null : "page",
            ["position"] = 0,
            ["authorId"] = page.AuthorId,
            ["ownerId"] = page.AuthorId,
            ["lastOwnerId"] = null,
            ["createdAt"] = Time(page.Created),
            ["version"] = new JsonObject
            {
                ["createdAt"] = Time(page.Updated), ["message"] = page.VersionMessage, ["number"] = page.Version, ["minorEdit"] = false, ["authorId"] = page.AuthorId,
            },
            ["body"] = new PageBody(page.Body, page.Text).ToCloud(HttpMethods.IsGet(call.Http.Request.Method) ? call.Query("body-format") : "storage"),
            ["_links"] = new JsonObject
            {
                ["webui"] = $"/spaces/{Wiki.Space(page.SpaceId).Key}/pages/{page.Id}", ["editui"] = $"/pages/resumedraft.action?draftId={page.Id}", ["tinyui"] = $"/x/{page.Id}",
            },
        };
        if (!isList) shape["_links"]!["base"] = call.View.BaseUrl + "/wiki";
        return shape;
    }

    /// <summary>A space of Cloud's v2.</summary>
    public static JsonObject Space(View view, WikiSpace space) => new()
    {
        ["id"] = space.Id, ["key"] = space.Key, ["name"] = space.Name, ["type"] = "global", ["status"] = "current",
        ["authorId"] = view.Site.Users[0].AccountId, ["createdAt"] = "2025-01-01T00:00:00.000Z", ["homepageId"] = null,
        ["_links"] = new JsonObject { ["webui"] = $"/spaces/{space.Key}" },
    };

    /// <summary>What the caller may do in a space.</summary>
    public static JsonObject Operations(RestCall call, WikiSpace space)
    {
        var may = new List<(string Operation, string Target)> { ("read", "space") };
        if (Wiki.MayCreatePages(call)) may.AddRange([("create", "page"), ("delete", "page")]);
        return new JsonObject { ["operations"] = new JsonArray([.. may.Select(one => new JsonObject { ["operation"] = one.Operation, ["targetType"] = one.Target })]) };
    }

    /// <summary>A list of Cloud's v2.</summary>
    public static JsonObject List(IEnumerable<JsonObject> items) => new() { ["results"] = new JsonArray([.. items]), ["_links"] = new JsonObject() };

    /// <summary>A page of Data Center.</summary>
    public static JsonObject Server(RestCall call, SitePage page) => new()
    {
        ["id"] = page.Id,
        ["type"] = "page",
        ["status"] = "current",
        ["title"] = page.Title,
        ["space"] = ServerSpace(call.View, Wiki.Space(page.SpaceId)),
        ["version"] = new JsonObject
        {
            ["by"] = UserShape.Of(call.View, page.AuthorId), ["when"] = Time(page.Updated), ["message"] = page.VersionMessage, ["number"] = page.Version, ["minorEdit"] = false,
        },
        ["body"] = new JsonObject { ["storage"] = new JsonObject { ["value"] = page.Body, ["representation"] = "storage" } },
        ["_links"] = new JsonObject
        {
            ["webui"] = $"/display/{Wiki.Space(page.SpaceId).Key}/{Uri.EscapeDataString(page.Title)}", ["self"] = $"{call.View.BaseUrl}/rest/api/content/{page.Id}", ["base"] = call.View.BaseUrl,
        },
    };

    /// <summary>A space of Data Center.</summary>
    public static JsonObject ServerSpace(View view, WikiSpace space) => new()
    {
        ["id"] = long.Parse(space.Id), ["key"] = space.Key, ["name"] = space.Name, ["type"] = "global",
        ["_links"] = new JsonObject { ["webui"] = $"/display/{space.Key}", ["self"] = $"{view.BaseUrl}/rest/api/space/{space.Key}" },
    };

    /// <summary>A list of Data Center.</summary>
    public static JsonObject ServerList(RestCall call, List<SitePage> pages) => new()
    {
        ["results"] = new JsonArray([.. pages.Select(page => Server(call, page))]), ["start"] = 0, ["limit"] = 25, ["size"] = pages.Count,
        ["_links"] = new JsonObject { ["base"] = call.View.BaseUrl },
    };

    /// <summary>What a search found.</summary>
    public static JsonObject SearchResult(RestCall call, List<SitePage> pages) => new()
    {
        ["results"] = new JsonArray([.. pages.Select(page => new JsonObject
        {
            ["content"] = new JsonObject
            {
                ["id"] = page.Id, ["type"] = "page", ["status"] = "current", ["title"] = page.Title,
                ["_links"] = new JsonObject { ["webui"] = $"/spaces/{Wiki.Space(page.SpaceId).Key}/pages/{page.Id}" },
            },
            ["title"] = page.Title, ["excerpt"] = "", ["url"] = $"/spaces/{Wiki.Space(page.SpaceId).Key}/pages/{page.Id}", ["entityType"] = "content",
            ["lastModified"] = Time(page.Updated),
        })]),
        ["start"] = 0, ["limit"] = 25, ["size"] = pages.Count, ["totalSize"] = pages.Count,
        ["_links"] = new JsonObject { ["base"] = call.View.BaseUrl + (call.View.IsCloud ? "/wiki" : "") },
    };

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
