using AgentSquad.Atlassian.Confluence;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>Where a site is and how to log in. Its text form holds no secret.</summary>
/// <param name="Settings">Prefix of the settings' names, <c>Jira</c> or <c>Confluence</c>.</param>
/// <param name="Site">Address that identifies the site.</param>
/// <param name="ApiRoot">Address that requests go to.</param>
/// <param name="IsDataCenter">Whether it is a Data Center.</param>
/// <param name="RequestTimeout">Longest wait for one answer.</param>
internal sealed record SiteAccess(string Settings, string Site, string ApiRoot, bool IsDataCenter, TimeSpan RequestTimeout)
{
    /// <summary>E-mail address or user name; empty for a personal access token.</summary>
    public string Email { get; init; } = "";

    /// <summary>The token.</summary>
    public string Token { get; init; } = "";

    public static SiteAccess Of(JiraOptions options) =>
        new("Jira", options.Site, options.ApiRoot, options.Deployment == JiraDeployment.DataCenter, options.RequestTimeout)
        {
            Email = options.Email,
            Token = options.ApiToken,
        };

    public static SiteAccess Of(ConfluenceOptions options, TimeSpan requestTimeout) =>
        new("Confluence", options.Site, options.ApiRoot, options.Deployment == JiraDeployment.DataCenter, requestTimeout)
        {
            Email = options.Email,
            Token = options.ApiToken,
        };

    public override string ToString() => $"{Settings} {Site}";
}
