using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Jira.Dialects;

/// <summary>Jira Cloud: REST v3, Atlassian Document Format, account ids.</summary>
internal sealed class CloudDialect : IJiraDialect
{
    public string ApiVersion => "3";

    public string PersonField => "accountId";

    public JsonNode ToSite(string markdown) => AdfMarkdown.FromMarkdown(markdown);

    public string FromSite(JsonElement? body) => body switch
    {
        { ValueKind: JsonValueKind.Object } document => AdfMarkdown.ToMarkdown(document),
        { ValueKind: JsonValueKind.String } text => text.GetString() ?? "",
        _ => "",
    };

    // Whether Jira counts the characters people see or the stored document is not documented; the document is the longer of the two.
    public int LengthOnSite(string markdown) => ToSite(markdown).ToJsonString(AdfNode.Unescaped).Length;
}
