using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Confluence;

/// <summary>A space of the wiki.</summary>
internal sealed record WikiSpace(string Id, string Key, string Name);

/// <summary>What can be done with pages.</summary>
internal static class Wiki
{
    /// <summary>Name of the space permission to add pages, for faults; Confluence itself has no such key.</summary>
    public const string CreatePages = "CREATE_PAGES";

    /// <summary>Whether the caller may add pages.</summary>
    public static bool MayCreatePages(RestCall call) => Permissions.Has(call.Site, call.Caller, CreatePages);

    /// <summary>The spaces, always the same.</summary>
    public static IReadOnlyList<WikiSpace> Spaces { get; } = [new("98305", "TEST", "Test space"), new("98306", "DOCS", "Documentation")];

    /// <summary>A space by id.</summary>
    public static WikiSpace Space(string? id) => Spaces.FirstOrDefault(space => space.Id == id) ?? throw JiraRefusal.NotFound($"Space {id} not found.");

    /// <summary>A space by key.</summary>
    public static WikiSpace SpaceByKey(string key) => Spaces.FirstOrDefault(space => space.Key == key) ?? throw JiraRefusal.NotFound($"No space with key : {key}");

    /// <summary>A page by id.</summary>
    public static SitePage Page(RestCall call, string id) => call.Site.Pages.Find(page => page.Id == id) ?? throw JiraRefusal.NotFound($"No content found with id: {id}");

    /// <summary>Creates a page.</summary>
    public static SitePage Create(RestCall call, TimeProvider time, string? spaceId, string? title, string? parentId, PageBody? body)
    {
        var space = Space(spaceId);
        if (!MayCreatePages(call)) throw JiraRefusal.Forbidden("The calling user does not have permission to create content in this space.");
        if (string.IsNullOrWhiteSpace(title)) throw new JiraRefusal("A page needs a title.");
        if (call.Site.Pages.Exists(page => page.SpaceId == space.Id && page.Title == title))
            throw new JiraRefusal("A page with this title already exists: A page already exists with the same TITLE in this space");
        if (parentId is not null) Page(call, parentId);
        var now = time.GetUtcNow();
        var page = new SitePage
        {
            Id = call.Site.NextId(), SpaceId = space.Id, Title = title, ParentId = parentId, Body = body?.Storage ?? "", Text = body?.Text, AuthorId = call.Caller.AccountId, Created = now, Updated = now,
        };
        call.Site.Pages.Add(page);
        return page;
    }

    /// <summary>Writes the next version of a page.</summary>
    /// <exception cref="JiraRefusal">409: the version is not the next one, somebody else was faster.</exception>
    public static void Update(SitePage page, TimeProvider time, JsonObject? version, string? title, PageBody? body)
    {
        if (!int.TryParse(AdfText.String(version?["number"]), out var number)) throw new JiraRefusal("The version number is required.");
        if (number != page.Version + 1)
            throw new JiraRefusal($"Version must be incremented on update. Current version is: {page.Version}") { Status = StatusCodes.Status409Conflict };
        page.Version = number;
        page.VersionMessage = AdfText.String(version?["message"]) ?? "";
        page.Title = title ?? page.Title;
        if (body is not null) (page.Body, page.Text) = (body.Storage, body.Text);
        page.Updated = time.GetUtcNow();
    }
}
