using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Fills what <c>Jira__*</c> leaves empty from the environment names that other Jira tools use, and trims what was pasted.</summary>
internal sealed class JiraOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<JiraOptions>
{
    public void PostConfigure(string? name, JiraOptions options)
    {
        options.BaseUrl = Or(options.BaseUrl, "JIRA_URL").TrimEnd('/');
        options.Email = Or(options.Email, "JIRA_USERNAME");
        options.ApiToken = Or(options.ApiToken, "JIRA_API_TOKEN");
        options.CloudId = options.CloudId.Trim();
    }

    private string Or(string value, string fallback) => (string.IsNullOrWhiteSpace(value) ? configuration[fallback] ?? "" : value).Trim();
}
