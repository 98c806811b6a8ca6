using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Confluence;

/// <summary>A page's text: its storage format, and what it was written as when that was another.</summary>
/// <param name="Storage">The storage format (XHTML).</param>
/// <param name="Text">The document or markup that it was written as; null when it was written as storage.</param>
internal sealed partial record PageBody(string Storage, RichText? Text)
{
    private const string Document = "atlas_doc_format";

    /// <summary>Reads a request's body, in either product's form; null when none was sent.</summary>
    /// <exception cref="JiraRefusal">400: another representation, or no document.</exception>
    public static PageBody? Read(JsonNode? body)
    {
        if (body is not JsonObject members) return null;
        var inner = ((string[])["storage", "wiki", Document]).Select(name => members[name]).OfType<JsonObject>().FirstOrDefault() ?? members;
        var value = AdfText.String(inner["value"]) ?? "";
        return (AdfText.String(inner["representation"]) ?? "storage") switch
        {
            "storage" => new PageBody(value, null),
            "wiki" => Of(RichText.FromWiki(value)),
            Document => Of(RichText.FromAdf(DocumentOf(value))),
            var other => throw new JiraRefusal($"The sandbox takes the representations storage, wiki and {Document}, not '{other}'."),
        };
    }

    /// <summary>The body in the form that a reader of Cloud's v2 asked for; empty when it asked for none.</summary>
    public JsonObject ToCloud(string? format) => format switch
    {
        "storage" => new JsonObject { ["storage"] = new JsonObject { ["representation"] = "storage", ["value"] = Storage } },
        Document => new JsonObject { [Document] = new JsonObject { ["representation"] = Document, ["value"] = ToDocument().ToJsonString(Answers.Format) } },
        _ => [],
    };

    private static PageBody Of(RichText text) => new(StorageWriter.Write(text.ToAdf()), text);

    private static JsonObject DocumentOf(string json)
    {
        try
        {
            var document = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 128 }) as JsonObject ?? throw new JiraRefusal("The body is no document.");
            return AdfRules.Check(document) is { } problem ? throw new JiraRefusal($"The body is no document: {problem}") : document;
        }
        catch (JsonException)
        {
            throw new JiraRefusal("The body is no document: it is no JSON.");
        }
    }

    // What was written as storage reads as its paragraphs; the sandbox needs no more of the way back.
    private JsonObject ToDocument() => Text?.ToAdf() ?? new JsonObject
    {
        ["type"] = "doc",
        ["version"] = 1,
        ["content"] = new JsonArray([.. BlockEnd().Split(Storage).Select(block => WebUtility.HtmlDecode(Tag().Replace(block, "")).Trim())
            .Where(text => text.Length > 0)
            .Select(text => new JsonObject { ["type"] = "paragraph", ["content"] = new JsonArray(WikiInline.Text(text)) })]),
    };

    [GeneratedRegex("</(?:p|h[1-6]|li|tr|pre|blockquote)>")]
    private static partial Regex BlockEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
