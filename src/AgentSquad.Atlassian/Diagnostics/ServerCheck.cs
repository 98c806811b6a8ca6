using System.Text.Json;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>What answers at the site's address, asked without logging in, and whether its clock is ours.</summary>
internal sealed class ServerCheck(JiraHttp http, JiraOptions options, TimeProvider time)
{
    private static readonly TimeSpan SmallSkew = TimeSpan.FromSeconds(90);

    // From here on Azure Storage refuses requests as well.
    private static readonly TimeSpan LargeSkew = TimeSpan.FromMinutes(15);
    private static readonly Version OldestDataCenter = new(9, 12);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        // Version 2 is what both products have. The site itself is asked, not the gateway, which answers nobody without a token.
        using var request = new HttpRequestMessage(HttpMethod.Get, options.Site + "/rest/api/2/serverInfo");
        request.Headers.Accept.ParseAdd("application/json");
        var asked = time.GetUtcNow();
        try
        {
            using var response = await http.SendAsync(request, "Reading what answers there", cancellationToken);
            var now = asked + ((time.GetUtcNow() - asked) / 2);
            return [.. await ProductAsync(response, cancellationToken), .. Clock(response.Headers.Date, now)];
        }
        catch (JiraException error) when (error.Failure is JiraFailure.Unauthorized or JiraFailure.Forbidden)
        {
            return [Finding.Ok("jira.server", $"{options.Site} answers, and tells strangers nothing about itself.", "Jira__BaseUrl")];
        }
        catch (JiraException error)
        {
            return [await ExplainAsync(error, cancellationToken)];
        }
    }

    private async Task<IReadOnlyList<Finding>> ProductAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (Read(body) is not { } info)
        {
            return [FailureFindings.Of(new JiraException { Failure = JiraFailure.NotJira, StatusCode = response.StatusCode }, "jira.server", http.Access)];
        }

        var (deployment, version, baseUrl) = info;
        if (deployment != options.Deployment)
        {
            return [Finding.Error(
                "jira.server",
                $"Jira__Deployment is {options.Deployment}, but {options.Site} is a Jira {deployment} ({version}).",
                $"Set Jira__Deployment={deployment}.",
                "Jira__Deployment")];
        }

        var findings = new List<Finding> { Finding.Ok("jira.server", $"{options.Site} is a Jira {deployment} ({version}).", "Jira__BaseUrl") };
        if (!string.Equals(baseUrl, options.Site, StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(Finding.Error(
                "jira.baseUrl",
                $"Jira__BaseUrl is {options.Site}, but the site calls itself {baseUrl}: its webhooks carry that address and would be ignored as another site's.",
                $"Set Jira__BaseUrl={baseUrl}, or change the base URL in Jira's general configuration.",
                "Jira__BaseUrl"));
        }

        if (deployment == JiraDeployment.DataCenter && Version.TryParse(version, out var number) && number < OldestDataCenter)
        {
            findings.Add(Finding.Warning(
                "jira.version", $"Jira {version} is older than {OldestDataCenter}, the oldest version that this app is written for.", "Update Jira.", "Jira__BaseUrl"));
        }

        return findings;
    }

    private static (JiraDeployment Deployment, string Version, string BaseUrl)? Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var info = document.RootElement;
            return info.Text("version") is { } version && info.Text("baseUrl") is { } baseUrl
                ? (info.Text("deploymentType") == "Cloud" ? JiraDeployment.Cloud : JiraDeployment.DataCenter, version, baseUrl.TrimEnd('/'))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<Finding> Clock(DateTimeOffset? date, DateTimeOffset now)
    {
        if (date is not { } theirs) yield break;
        var skew = now - theirs;
        if (skew.Duration() < SmallSkew)
        {
            yield return Finding.Ok("jira.clock", "This machine's clock and the site's agree.");
            yield break;
        }

        var found = $"This machine's clock is {skew.Duration().TotalMinutes:0.#} minutes {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the site's.";
        const string Fix = "Set this machine's clock, best by NTP (timedatectl set-ntp true).";
        yield return skew.Duration() < LargeSkew
            ? Finding.Warning("jira.clock", found, Fix)
            : Finding.Error("jira.clock", $"{found} Storage refuses such requests, and events seem too old or too new.", Fix);
    }

    // A Data Center says on its status page why it answers 503.
    private async Task<Finding> ExplainAsync(JiraException error, CancellationToken cancellationToken)
    {
        if (error.Failure == JiraFailure.Unavailable && options.Deployment == JiraDeployment.DataCenter)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, options.Site + "/status");
                using var response = await http.SendAsync(request, "Reading the state", cancellationToken);
                var state = await response.Content.ReadAsStringAsync(cancellationToken);
                if (state.Contains("FIRST_RUN", StringComparison.Ordinal))
                {
                    error = new JiraException(error.Message) { Failure = JiraFailure.NotSetUp, StatusCode = error.StatusCode };
                }
            }
            catch (JiraException)
            {
                // Without that page the first answer has to do.
            }
        }

        return FailureFindings.Of(error, "jira.server", http.Access);
    }
}
