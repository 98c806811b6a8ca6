using AgentSquad.Atlassian.Jira;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>
/// The Confluence site: settings <c>Confluence__*</c>. <c>CONFLUENCE_URL</c>, <c>CONFLUENCE_USERNAME</c> and <c>CONFLUENCE_API_TOKEN</c> fill in
/// what those leave empty, and then the Jira site's account does.
/// </summary>
public sealed class ConfluenceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Confluence";

    /// <summary>Address of the site, such as <c>https://acme.atlassian.net/wiki</c>. Empty (default) uses no Confluence.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>E-mail address of the account; empty on Data Center makes <see cref="ApiToken"/> a personal access token.</summary>
    public string Email { get; set; } = "";

    /// <summary>API token or personal access token. Secret.</summary>
    public string ApiToken { get; set; } = "";

    /// <summary>Cloud (default) or DataCenter.</summary>
    public JiraDeployment Deployment { get; set; }

    /// <summary>Id of the cloud site, for scoped tokens; empty talks to the site itself.</summary>
    public string CloudId { get; set; } = "";

    /// <summary>Atlassian's gateway for scoped tokens. Default is <c>https://api.atlassian.com</c>.</summary>
    public string GatewayUrl { get; set; } = "https://api.atlassian.com";

    /// <summary>Key of the space that delivery pages go to. Empty (default) writes no page.</summary>
    public string SpaceKey { get; set; } = "";

    /// <summary>Whether a site is configured.</summary>
    public bool IsConfigured => BaseUrl.Length > 0;

    /// <summary>The site's address without a trailing slash.</summary>
    public string Site => BaseUrl.Trim().TrimEnd('/');

    internal string ApiRoot => CloudId.Length == 0 ? Site : $"{GatewayUrl.TrimEnd('/')}/ex/confluence/{Uri.EscapeDataString(CloudId)}/wiki";

    /// <summary>The site; no secret.</summary>
    public override string ToString() => IsConfigured ? $"{Deployment} {Site}" : "not configured";
}
