using System.Net;
using System.Text;
using System.Text.Json;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>Turns a site's refusal into a <see cref="JiraException"/> that names the cause and the fix.</summary>
internal static class JiraErrors
{
    private const int LongestDetail = 400;

    public static JiraException From(HttpResponseMessage response, string body, string what, SiteAccess access)
    {
        var failure = Classify(response, body);
        var detail = DetailOf(body, access);
        var status = (int)response.StatusCode;
        var message = $"{what} failed: {Explain(failure, status, access)}{(detail.Length > 0 ? $" The site says: {detail}" : "")}";
        return new JiraException(message)
        {
            StatusCode = response.StatusCode,
            Failure = failure,
            RetryAfter = RetryAfter.Of(response),
            IsTransient = RetryAfter.IsTransient(response.StatusCode) && failure != JiraFailure.NotSetUp,

            // A gateway's 5xx says nothing about what the server behind it did; 429 and 4xx refuse before anything happens.
            OutcomeUnknown = status >= 500 || response.StatusCode == HttpStatusCode.RequestTimeout,
        };
    }

    public static JiraException NotJson(HttpResponseMessage response, string what, SiteAccess access) => new(
        $"{what} failed: {access.Site} answered {(int)response.StatusCode} with something that is no JSON. "
        + $"Check {access.Settings}__BaseUrl: it must be the address of the product itself, and {access.Settings}__Deployment must match the product.")
    {
        StatusCode = response.StatusCode,
        Failure = JiraFailure.NotJira,
    };

    private static JiraFailure Classify(HttpResponseMessage response, string body)
    {
        if (IsCaptcha(response)) return JiraFailure.Captcha;
        if (IsLoginRefused(response)) return JiraFailure.Unauthorized;
        var status = (int)response.StatusCode;
        if (IsSetUpWizard(response, body)) return JiraFailure.NotSetUp;
        return status switch
        {
            401 => JiraFailure.Unauthorized,
            403 => JiraFailure.Forbidden,
            404 => JiraFailure.NotFound,
            409 => JiraFailure.Conflict,
            413 => JiraFailure.TooLarge,
            429 => JiraFailure.RateLimited,
            >= 300 and < 400 => JiraFailure.NotJira,
            400 when body.Contains("CONTENT_LIMIT_EXCEEDED", StringComparison.Ordinal)
                || body.Contains("exceeds the maximum", StringComparison.OrdinalIgnoreCase) => JiraFailure.TooLarge,
            >= 500 => JiraFailure.Unavailable,
            _ => JiraFailure.Refused,
        };
    }

    private static bool IsCaptcha(HttpResponseMessage response) =>
        (response.Headers.TryGetValues("X-Authentication-Denied-Reason", out var reasons)
            && reasons.Any(reason => reason.Contains("CAPTCHA", StringComparison.OrdinalIgnoreCase)))
        || HasLoginReason(response, "AUTHENTICATION_DENIED");

    // Cloud takes whoever comes with a wrong or expired token for anonymous: tickets are not found then, and only this header tells why.
    private static bool IsLoginRefused(HttpResponseMessage response) => HasLoginReason(response, "AUTHENTICATED_FAILED");

    private static bool HasLoginReason(HttpResponseMessage response, string reason) =>
        response.Headers.TryGetValues("X-Seraph-LoginReason", out var logins)
        && logins.Any(login => login.Contains(reason, StringComparison.OrdinalIgnoreCase));

    // Until its wizard is finished a Data Center answers every call 503, or sends it to the wizard's pages.
    private static bool IsSetUpWizard(HttpResponseMessage response, string body) =>
        (response.Headers.Location?.OriginalString.Contains("/secure/Setup", StringComparison.OrdinalIgnoreCase) ?? false)
        || (response.StatusCode == HttpStatusCode.ServiceUnavailable
            && (body.Contains("/secure/Setup", StringComparison.OrdinalIgnoreCase)
                || body.Contains("JIRA setup", StringComparison.OrdinalIgnoreCase)
                || body.Contains("JIRA - Set up", StringComparison.OrdinalIgnoreCase)
                || body.Contains("set up JIRA", StringComparison.OrdinalIgnoreCase)));

    private static string Explain(JiraFailure failure, int status, SiteAccess access) => failure switch
    {
        JiraFailure.Unauthorized when access.IsDataCenter =>
            $"{access.Site} did not accept the credentials ({status}). Check {access.Settings}__ApiToken; a personal access token needs an empty {access.Settings}__Email.",
        JiraFailure.Unauthorized =>
            $"{access.Site} did not accept the credentials ({status}). Check {access.Settings}__Email and {access.Settings}__ApiToken; tokens expire after a year at most, "
            + $"and a scoped token needs {access.Settings}__CloudId.",
        JiraFailure.Captcha =>
            $"{access.Site} wants a captcha from this account ({status}) after failed log-ins. Log in once in a browser, then check {access.Settings}__ApiToken.",
        JiraFailure.Forbidden => $"the account may not do this ({status}). Give it the permission in the project, or use another account.",
        JiraFailure.NotFound => $"it does not exist or the account may not see it ({status}). Check the account's Browse permission.",
        JiraFailure.Conflict => $"someone else changed it at the same time ({status}).",
        JiraFailure.TooLarge => $"the text or file is over the site's limit ({status}).",
        JiraFailure.RateLimited => $"the site asks for fewer requests ({status}). Lower Jira__RequestsPerSecond if this happens often.",
        JiraFailure.NotSetUp => $"the set-up wizard of {access.Site} was never finished ({status}). Open it in a browser and finish it.",
        JiraFailure.Unavailable => $"{access.Site} is in trouble ({status}).",
        JiraFailure.NotJira => $"{access.Site} redirects ({status}). Check {access.Settings}__BaseUrl: https instead of http, and a Data Center's path.",
        _ => $"the site refused the request ({status}).",
    };

    private static string DetailOf(string body, SiteAccess access)
    {
        if (body.Length is 0 or > 1_000_000) return "";
        var parts = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            parts.AddRange(root.Items("errorMessages").Select(item => item.Text()).OfType<string>());
            if (root.ObjectChild("errors") is { } errors)
            {
                parts.AddRange(errors.EnumerateObject().Select(error => $"{error.Name}: {error.Value.Text()}"));
            }

            // Confluence Cloud sends a list.
            parts.AddRange(root.Items("errors").Select(error => error.Text("detail") ?? error.Text("title")).OfType<string>());
            if ((root.Text("message") ?? root.Text("errorMessage")) is { } message) parts.Add(message);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A page for people: the status says it all.
            return "";
        }

        return Clean(string.Join("; ", parts), access);
    }

    private static string Clean(string text, SiteAccess access)
    {
        if (access.Token.Length > 0) text = text.Replace(access.Token, "***", StringComparison.Ordinal);
        var line = new StringBuilder(Math.Min(text.Length, LongestDetail));
        foreach (var character in text)
        {
            if (line.Length == LongestDetail) return line.Append('…').ToString();
            line.Append(char.IsControl(character) ? ' ' : character);
        }

        return line.ToString();
    }
}
