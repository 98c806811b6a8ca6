using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Wiki;

namespace AgentSquad.Atlassian.Jira.Dialects;

/// <summary>Jira Data Center 9.12: REST v2, wiki markup, user names.</summary>
internal sealed class DataCenterDialect : IJiraDialect
{
    public string ApiVersion => "2";

    public string PersonField => "name";

    public string PersonQuery => "username";

    public string PeopleQuery => "username";

    public bool SearchesByToken => false;

    public JsonNode ToSite(string markdown) => JsonValue.Create(WikiMarkup.FromMarkdown(markdown));

    public JsonNode Rewrite(JsonElement? original, string markdown) => JsonValue.Create(WikiMarkup.Rewrite(original?.Text() ?? "", markdown));

    public string FromSite(JsonElement? body) => body?.Text() is { } text ? WikiMarkup.ToMarkdown(text) : "";

    public int LengthOf(JsonNode text) => text.GetValue<string>().Length;
}
