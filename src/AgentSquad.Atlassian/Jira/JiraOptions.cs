using System.ComponentModel.DataAnnotations;

namespace AgentSquad.Atlassian.Jira;

/// <summary>
/// The Jira site and the account on it: settings <c>Jira__*</c>. <c>JIRA_URL</c>, <c>JIRA_USERNAME</c> and <c>JIRA_API_TOKEN</c> fill in
/// what those leave empty.
/// </summary>
public sealed class JiraOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Jira";

    /// <summary>Address of the site, such as <c>https://acme.atlassian.net</c>; a Data Center's may have a path. Required.</summary>
    [Required(ErrorMessage = "Jira__BaseUrl is missing: set it to the address of your site, such as https://acme.atlassian.net.")]
    public string BaseUrl { get; set; } = "";

    /// <summary>
    /// E-mail address of the account (Cloud), or a user name (Data Center with a password). Empty on Data Center makes
    /// <see cref="ApiToken"/> a personal access token.
    /// </summary>
    public string Email { get; set; } = "";

    /// <summary>API token (Cloud) or personal access token (Data Center). Secret.</summary>
    [Required(ErrorMessage = "Jira__ApiToken is missing: create a token at https://id.atlassian.com/manage-profile/security/api-tokens "
        + "(Data Center: Profile, Personal Access Tokens) and set it.")]
    public string ApiToken { get; set; } = "";

    /// <summary>Secret that the webhook was saved with. Empty refuses every webhook. Secret.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>The secret before the current one, accepted while the webhook is being changed over. Secret.</summary>
    public string PreviousWebhookSecret { get; set; } = "";

    /// <summary>Cloud (default) or DataCenter.</summary>
    [EnumDataType(typeof(JiraDeployment), ErrorMessage = "Jira__Deployment must be Cloud or DataCenter.")]
    public JiraDeployment Deployment { get; set; } = JiraDeployment.Cloud;

    /// <summary>Takes webhooks without a signature; for a loopback address only. Default is false.</summary>
    public bool AllowUnsignedWebhooks { get; set; }

    /// <summary>
    /// Id of the cloud site. When set, requests go through <see cref="GatewayUrl"/> as scoped tokens need it; the site's
    /// <c>/_edge/tenant_info</c> shows it. Empty (default) talks to the site itself.
    /// </summary>
    public string CloudId { get; set; } = "";

    /// <summary>Atlassian's gateway for scoped tokens. Default is <c>https://api.atlassian.com</c>.</summary>
    public string GatewayUrl { get; set; } = "https://api.atlassian.com";

    /// <summary>Longest wait for one answer. Default is 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00", ErrorMessage = "Jira__RequestTimeout must lie between 100 ms and 5 minutes.")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a write that was sent without an answer may still take effect. Only after that does the app look whether it did, and write
    /// again. Empty (default) is <see cref="RequestTimeout"/>.
    /// </summary>
    public TimeSpan? LateWriteWait { get; set; }

    /// <summary>How often a read is tried again. Writes are sent once. Default is 3.</summary>
    [Range(0, 10, ErrorMessage = "Jira__ReadRetries must lie between 0 and 10.")]
    public int ReadRetries { get; set; } = 3;

    /// <summary>First pause before a read is tried again; it doubles, with jitter. Default is 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00", ErrorMessage = "Jira__RetryDelay must lie between 1 ms and 1 minute.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest <c>Retry-After</c> that the client waits out itself; a longer one is an error with that time in it. Default is 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Jira__MaxRetryAfter must lie between 0 and 10 minutes.")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests per second that the squad takes from the site's budget, so that people keep theirs. Default is 10.</summary>
    [Range(1, 1000, ErrorMessage = "Jira__RequestsPerSecond must lie between 1 and 1000.")]
    public int RequestsPerSecond { get; set; } = 10;

    /// <summary>
    /// Names or ids of further fields to read with each ticket, such as <c>Severity</c>. The app adds those that its policies filter by.
    /// Default: none.
    /// </summary>
    public IList<string> TicketFields { get; } = [];

    /// <summary>The site's address in the form that identifies it: no trailing slash. Empty when none is configured.</summary>
    public string Site => BaseUrl.Trim().TrimEnd('/');

    /// <summary>Where requests go: the site, or the gateway's address of it. No trailing slash.</summary>
    internal string ApiRoot => CloudId.Length == 0 ? Site : $"{GatewayUrl.TrimEnd('/')}/ex/jira/{Uri.EscapeDataString(CloudId)}";

    /// <summary>The site and how it is reached; no secret.</summary>
    public override string ToString() => $"{Deployment} {Site}";
}
