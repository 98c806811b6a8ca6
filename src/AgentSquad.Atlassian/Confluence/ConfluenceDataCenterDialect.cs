using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Wiki;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>Confluence Data Center 8.5: REST v1; written as wiki markup, which the site converts, and read as its storage format.</summary>
internal sealed class ConfluenceDataCenterDialect : IConfluenceDialect
{
    public FormattableString CreatePath => $"/rest/api/content";

    public FormattableString PagePath(string id) => $"/rest/api/content/{id}";

    public bool ListsSpaces => false;

    public FormattableString SpaceRequest(string key) => $"/rest/api/space/{key}";

    public FormattableString? OperationsRequest(ConfluenceSpace space) => null;

    public FormattableString PageRequest(string id) => $"/rest/api/content/{id}?expand=body.storage,version";

    public FormattableString FindRequest(ConfluenceSpace space, string title) =>
        $"/rest/api/content?spaceKey={space.Key}&title={title}&expand=body.storage,version";

    public FormattableString SearchRequest(string cql, int limit) => $"/rest/api/content/search?cql={cql}&limit={limit}";

    public JsonObject NewPage(ConfluenceSpace space, string title, string markdown, string? parentId)
    {
        var page = new JsonObject { ["type"] = "page", ["title"] = title, ["space"] = new JsonObject { ["key"] = space.Key }, ["body"] = Body(markdown) };
        if (parentId is not null) page["ancestors"] = new JsonArray(new JsonObject { ["id"] = parentId });
        return page;
    }

    public JsonObject ChangedPage(string id, string title, string markdown, int version) => new()
    {
        ["id"] = id,
        ["type"] = "page",
        ["title"] = title,
        ["body"] = Body(markdown),
        ["version"] = new JsonObject { ["number"] = version },
    };

    public string TextOf(JsonElement page) =>
        page.ObjectChild("body")?.ObjectChild("storage")?.Text("value") is { } storage ? AdfMarkdown.ToMarkdown(StorageReader.Read(storage)) : "";

    private static JsonObject Body(string markdown) =>
        new() { ["wiki"] = new JsonObject { ["value"] = WikiMarkup.FromMarkdown(markdown), ["representation"] = "wiki" } };
}
