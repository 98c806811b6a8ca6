using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>Confluence Cloud: REST v2 and Atlassian Document Format; search alone is still in v1, because v2 has no CQL.</summary>
internal sealed class ConfluenceCloudDialect : IConfluenceDialect
{
    private const string Format = "atlas_doc_format";

    public FormattableString CreatePath => $"/api/v2/pages";

    public FormattableString PagePath(string id) => $"/api/v2/pages/{id}";

    public bool ListsSpaces => true;

    public FormattableString SpaceRequest(string key) => $"/api/v2/spaces?keys={key}";

    public FormattableString OperationsRequest(ConfluenceSpace space) => $"/api/v2/spaces/{space.Id}/operations";

    public FormattableString PageRequest(string id) => $"/api/v2/pages/{id}?body-format={Format}";

    public FormattableString FindRequest(ConfluenceSpace space, string title) => $"/api/v2/pages?space-id={space.Id}&title={title}&body-format={Format}";

    public FormattableString SearchRequest(string cql, int limit) => $"/rest/api/search?cql={cql}&limit={limit}";

    public JsonObject NewPage(ConfluenceSpace space, string title, string markdown, string? parentId)
    {
        var page = new JsonObject { ["spaceId"] = space.Id, ["status"] = "current", ["title"] = title, ["body"] = Body(markdown) };
        if (parentId is not null) page["parentId"] = parentId;
        return page;
    }

    public JsonObject ChangedPage(string id, string title, string markdown, int version) => new()
    {
        ["id"] = id,
        ["status"] = "current",
        ["title"] = title,
        ["body"] = Body(markdown),
        ["version"] = new JsonObject { ["number"] = version },
    };

    public string TextOf(JsonElement page)
    {
        if (page.ObjectChild("body")?.ObjectChild(Format)?.Text("value") is not { Length: > 0 } value) return "";
        try
        {
            using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = 256 });
            return AdfMarkdown.ToMarkdown(document.RootElement);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static JsonObject Body(string markdown) =>
        new() { ["representation"] = Format, ["value"] = AdfMarkdown.FromMarkdown(markdown).ToJsonString() };
}
