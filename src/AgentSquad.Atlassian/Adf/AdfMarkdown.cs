using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Atlassian.Adf;

/// <summary>
/// Converts between the Atlassian Document Format and Markdown. What Markdown has no words for is written as a link with a scheme of its
/// own: <c>[@Name](accountid:ID)</c>, <c>[2026-01-31](date:MILLISECONDS)</c>, <c>[DONE](status:green)</c>, <c>[:name:](emoji:ID)</c>; media
/// and extensions as <c>![name](adf:HASH)</c>, which a rewrite turns back into the original node.
/// </summary>
public static class AdfMarkdown
{
    /// <summary>Renders a document. Any JSON renders; all of its text survives, and none of it can act as Markdown.</summary>
    /// <param name="document">The document, as Jira's REST API v3 gives it.</param>
    public static string ToMarkdown(JsonElement document) => ToMarkdown(AdfNode.Read(document));

    /// <summary>Reads Markdown into a document that keeps the format's nesting rules. Any text gives a document.</summary>
    /// <param name="markdown">The Markdown.</param>
    public static JsonObject FromMarkdown(string markdown) => Read(markdown).ToJson();

    /// <summary>
    /// Replaces a document's text. Media and extensions that the Markdown still names stay where it names them; those that it lost are put at
    /// the end, so that no rewrite throws away a picture.
    /// </summary>
    /// <param name="original">The document as it is on the site.</param>
    /// <param name="markdown">Its new text.</param>
    public static JsonObject Rewrite(JsonElement original, string markdown) => AdfRewrite.Apply(AdfNode.Read(original), markdown).ToJson();

    internal static string ToMarkdown(AdfNode document) => new MarkdownWriter().Write(document);

    internal static AdfNode Read(string markdown) => MarkdownReader.Read(markdown, AdfRewrite.None);
}
