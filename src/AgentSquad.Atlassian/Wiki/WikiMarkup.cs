using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>
/// Converts between Jira's wiki markup and Markdown, by way of the document model that Cloud uses. Attachments shown in the text are named as
/// <c>![name](adf:HASH)</c>, as media are on Cloud.
/// </summary>
public static class WikiMarkup
{
    /// <summary>Renders wiki markup as Markdown. Any text renders, and all of it survives.</summary>
    /// <param name="wiki">The markup.</param>
    public static string ToMarkdown(string wiki) => AdfMarkdown.ToMarkdown(WikiReader.Read(wiki));

    /// <summary>Writes Markdown as wiki markup. None of its text can act as markup.</summary>
    /// <param name="markdown">The Markdown.</param>
    public static string FromMarkdown(string markdown) => WikiWriter.Write(AdfMarkdown.Read(markdown));

    /// <summary>Replaces a text and keeps the attachments that it shows.</summary>
    /// <param name="original">The markup as the site has it.</param>
    /// <param name="markdown">The new text.</param>
    public static string Rewrite(string original, string markdown) => WikiWriter.Write(AdfRewrite.Apply(WikiReader.Read(original), markdown));
}
