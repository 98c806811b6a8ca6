using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>The checks of the configured sites.</summary>
internal sealed class SiteDiagnostics(
    JiraHttp http,
    IJiraSite site,
    IJiraSite administrator,
    IConfluenceClient confluence,
    JiraOptions jira,
    ConfluenceOptions wiki,
    SiteExpectations expected,
    TimeProvider time) : ISiteDiagnostics
{
    public IReadOnlyList<DiagnosticCheck> Checks { get; } =
    [
        .. JiraChecks(http, site, administrator, jira, expected, time),
        .. wiki.IsConfigured ? ConfluenceChecks(confluence, jira, wiki, time) : [],
    ];

    private static IEnumerable<DiagnosticCheck> JiraChecks(
        JiraHttp http, IJiraSite site, IJiraSite administrator, JiraOptions jira, SiteExpectations expected, TimeProvider time)
    {
        var account = new AccountCheck(site, http.Access, expected);
        var webhook = new WebhookCheck(administrator, jira, http.Access, expected);
        yield return new("webhook.secret", "Looking at the webhook's secret", webhook.LookAtSecretAsync);
        yield return new("jira.address", $"Connecting to {jira.Site}", cancellation => AddressCheck.RunAsync("jira", "Jira__BaseUrl", new Uri(jira.Site), time, cancellation)) { IsGate = true };
        yield return new("jira.server", $"Asking {jira.Site} what it is", new ServerCheck(http, jira, time).RunAsync) { IsGate = true };
        yield return new("jira.token", "Logging in to Jira", account.LogInAsync) { IsGate = true };
        yield return new("jira.account", "Looking at the account", account.LookAtAccountAsync);
        yield return new("jira.projects", "Looking at projects, permissions and statuses", new ProjectsCheck(site, http, jira.Deployment, expected).RunAsync);
        if (expected.Groups.Count + expected.Roles.Count > 0)
        {
            yield return new("jira.rights", "Looking at groups that give rights", new RightsCheck(site, http, expected).RunAsync);
        }

        yield return new("jira.webhook", "Looking at the site's webhooks", webhook.LookAtRegistrationsAsync);
    }

    private static IEnumerable<DiagnosticCheck> ConfluenceChecks(
        IConfluenceClient confluence, JiraOptions jira, ConfluenceOptions wiki, TimeProvider time)
    {
        yield return new(
            "confluence.address", $"Connecting to {wiki.Site}",
            cancellation => AddressCheck.RunAsync("confluence", "Confluence__BaseUrl", new Uri(wiki.Site), time, cancellation)) { IsGate = true };
        yield return new("confluence.space", "Looking for the Confluence space", new ConfluenceCheck(confluence, wiki, SiteAccess.Of(wiki, jira.RequestTimeout)).RunAsync);
    }
}
