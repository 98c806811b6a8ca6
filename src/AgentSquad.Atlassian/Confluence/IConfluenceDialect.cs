using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>Where the two products differ: paths, bodies and the form of text.</summary>
internal interface IConfluenceDialect
{
    FormattableString CreatePath { get; }

    FormattableString PagePath(string id);

    FormattableString SpaceRequest(string key);

    /// <summary>Whether a space is looked for in a list, which is there even when the space is not.</summary>
    bool ListsSpaces { get; }

    /// <summary>What the account may do in a space; null where there is no such resource.</summary>
    FormattableString? OperationsRequest(ConfluenceSpace space);

    FormattableString PageRequest(string id);

    FormattableString FindRequest(ConfluenceSpace space, string title);

    FormattableString SearchRequest(string cql, int limit);

    JsonObject NewPage(ConfluenceSpace space, string title, string markdown, string? parentId);

    JsonObject ChangedPage(string id, string title, string markdown, int version);

    string TextOf(JsonElement page);
}
