using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Wiki;

namespace AgentSquad.Atlassian.Jira.Dialects;

/// <summary>Jira Cloud: REST v3, Atlassian Document Format, account ids.</summary>
internal sealed class CloudDialect : IJiraDialect
{
    public string ApiVersion => "3";

    public string PersonField => "accountId";

    public string PersonQuery => "accountId";

    public string PeopleQuery => "query";

    public bool SearchesByToken => true;

    public JsonNode ToSite(string markdown) => AdfMarkdown.FromMarkdown(markdown);

    public JsonNode Rewrite(JsonElement? original, string markdown) =>
        original is { ValueKind: JsonValueKind.Object } document ? AdfMarkdown.Rewrite(document, markdown) : ToSite(markdown);

    public string FromSite(JsonElement? body) => body switch
    {
        { ValueKind: JsonValueKind.Object } document => AdfMarkdown.ToMarkdown(document),
        { ValueKind: JsonValueKind.String } text => WikiMarkup.ToMarkdown(text.Text() ?? ""),
        _ => "",
    };

    // Whether Jira counts the characters people see or the stored document is not documented; the document is the longer of the two.
    public int LengthOf(JsonNode text) => text.ToJsonString(AdfNode.Unescaped).Length;
}
