using System.Text.Json;
using AgentSquad.Atlassian.Jira.Dialects;

namespace AgentSquad.Atlassian.Jira.Text;

/// <summary>A comment's text as the site will hold it.</summary>
internal sealed class CommentText(IJiraDialect dialect)
{
    /// <summary>The text in pieces that the site accepts; one when it fits. Nothing is left out.</summary>
    public IReadOnlyList<string> Split(string markdown) => MarkdownSplitter.Split(markdown, JiraLimits.TextLength, text => dialect.LengthOf(dialect.ToSite(text)));

    /// <summary>The text as one field can hold it, with a file for the whole of it when it is too long.</summary>
    public LongText Fit(string markdown, string name) => LongText.Fit(markdown, name, text => dialect.LengthOf(dialect.ToSite(text)));

    /// <summary>The text as it reads after the site has stored it.</summary>
    public string AsRead(string markdown) => dialect.FromSite(JsonSerializer.SerializeToElement(dialect.ToSite(markdown)));
}
