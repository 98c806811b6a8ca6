using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Atlassian.Jira.Dialects;

/// <summary>Where the two products differ: the API's version, the form of text, the names of people.</summary>
internal interface IJiraDialect
{
    /// <summary>Version of the REST API, <c>3</c> or <c>2</c>.</summary>
    string ApiVersion { get; }

    /// <summary>Turns Markdown into what the site stores.</summary>
    JsonNode ToSite(string markdown);

    /// <summary>Turns what the site stores into Markdown; no text gives the empty string.</summary>
    string FromSite(JsonElement? body);

    /// <summary>Length of a text, as the site stores it, in the unit that the site's limit counts.</summary>
    int LengthOf(JsonNode text);

    /// <summary>Name of the field that identifies a person in requests.</summary>
    string PersonField { get; }

    /// <summary>Name of the query parameter that identifies a person.</summary>
    string PersonQuery { get; }

    /// <summary>Name of the query parameter that looks for people.</summary>
    string PeopleQuery { get; }

    /// <summary>Whether pages of a search follow each other by token, as on Cloud, or by number.</summary>
    bool SearchesByToken { get; }

    /// <summary>Replaces a text on the site and keeps what Markdown cannot express.</summary>
    /// <param name="original">The text as the site has it; null when there is none.</param>
    /// <param name="markdown">The new text.</param>
    JsonNode Rewrite(JsonElement? original, string markdown);
}
