using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>What a site's refusal means for its settings: one finding for each kind of failure, each with a fix of its own.</summary>
internal static class FailureFindings
{
    public static Finding Of(JiraException error, string check, SiteAccess access)
    {
        var status = error.StatusCode is { } code ? $"{(int)code}" : "no answer";
        var (found, fix, setting) = error.Failure switch
        {
            JiraFailure.Unauthorized => (
                $"{access.Site} did not accept the credentials ({status}).", LogInFix(access), $"{access.Settings}__ApiToken"),
            JiraFailure.Captcha => (
                $"{access.Site} wants a captcha from this account before the API answers it again ({status}), after too many failed log-ins.",
                $"Log in once in a browser as this account and solve the captcha; then check {access.Settings}__ApiToken, so that it does not come back.",
                $"{access.Settings}__ApiToken"),
            JiraFailure.Forbidden => (
                $"{access.Site} knows the account but does not let it do this ({status}).",
                "Give the account access to the product and to its projects, or use another account. Some companies also refuse addresses outside their allow-list.",
                $"{access.Settings}__Email"),
            JiraFailure.NotFound when access.ApiRoot != access.Site => (
                $"Atlassian's gateway knows no site with the id in {access.Settings}__CloudId, or not for this token ({status}).",
                $"Set {access.Settings}__CloudId to the id that {new Uri(access.Site).GetLeftPart(UriPartial.Authority)}/_edge/tenant_info shows; leave it empty for a token without scopes.",
                $"{access.Settings}__CloudId"),
            JiraFailure.NotFound => (
                $"{access.Site} has nothing at that path ({status}).",
                access.IsDataCenter
                    ? $"Add the product's path to {access.Settings}__BaseUrl when it has one, such as /jira; {access.Settings}__Deployment must match the product."
                    : $"Set {access.Settings}__BaseUrl to the address that a browser shows on the site, and {access.Settings}__CloudId only for a scoped token; "
                        + $"{access.Settings}__Deployment must match the product.",
                $"{access.Settings}__BaseUrl"),
            JiraFailure.RateLimited => (
                $"{access.Site} asks for fewer requests ({status}{(error.RetryAfter is { } wait ? $", again in {wait.TotalSeconds:0} s" : "")}).",
                "Wait and run this again; lower Jira__RequestsPerSecond, or find out who else uses the account.",
                "Jira__RequestsPerSecond"),
            JiraFailure.NotSetUp => (
                $"The set-up wizard of {access.Site} was never finished ({status}).",
                $"Open {access.Site} in a browser and finish the wizard.",
                $"{access.Settings}__BaseUrl"),
            JiraFailure.Unavailable => (
                $"{access.Site} is in trouble ({status}).",
                access.IsDataCenter ? "Look at the product's own log; it may still be starting." : "Look at https://status.atlassian.com and run this again later.",
                $"{access.Settings}__BaseUrl"),
            JiraFailure.NotJira => (
                $"What answers at {access.Site} is not {access.Settings}: a page, a redirect or another product ({status}).",
                $"Set {access.Settings}__BaseUrl to the product's own address, with https and, on a Data Center, with its path; {access.Settings}__Deployment must match the product.",
                $"{access.Settings}__BaseUrl"),
            JiraFailure.Unreachable => (error.Message, $"Check {access.Settings}__BaseUrl, the network and any proxy.", $"{access.Settings}__BaseUrl"),
            _ => (error.Message, "The message says what the site did not like.", $"{access.Settings}__BaseUrl"),
        };
        return Finding.Error(check, found, fix, setting);
    }

    private static string LogInFix(SiteAccess access) => access switch
    {
        { IsDataCenter: true, Email.Length: 0 } =>
            $"Create a personal access token (Profile, Personal Access Tokens) and set it as {access.Settings}__ApiToken; they expire.",
        { IsDataCenter: true } =>
            $"Leave {access.Settings}__Email empty and set a personal access token as {access.Settings}__ApiToken, or check user name and password.",
        _ => $"Create a token at https://id.atlassian.com/manage-profile/security/api-tokens as the account in {access.Settings}__Email and set it as "
            + $"{access.Settings}__ApiToken; tokens expire after a year at most. A scoped token needs {access.Settings}__CloudId too.",
    };
}
