namespace AgentSquad.Atlassian.Jira.Text;

/// <summary>Limits that Jira enforces with a 400.</summary>
internal static class JiraLimits
{
    /// <summary>Characters in a comment or a text field.</summary>
    public const int TextLength = 32_767;

    /// <summary>Characters in a summary.</summary>
    public const int SummaryLength = 255;
}
