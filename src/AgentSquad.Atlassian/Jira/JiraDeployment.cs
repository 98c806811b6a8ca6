namespace AgentSquad.Atlassian.Jira;

/// <summary>Which product a site runs; it decides the dialect of the REST API and of text.</summary>
public enum JiraDeployment
{
    /// <summary>Jira Cloud: REST v3, Atlassian Document Format, account ids.</summary>
    Cloud,

    /// <summary>Jira Data Center (9.12): REST v2, wiki markup, user names.</summary>
    DataCenter,
}
