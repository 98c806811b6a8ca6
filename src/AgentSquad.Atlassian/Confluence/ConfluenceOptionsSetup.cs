using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>Fills what <c>Confluence__*</c> leaves empty, and refuses what cannot work.</summary>
internal sealed class ConfluenceOptionsSetup(IConfiguration configuration, IOptions<JiraOptions> jira)
    : IPostConfigureOptions<ConfluenceOptions>, IValidateOptions<ConfluenceOptions>
{
    public void PostConfigure(string? name, ConfluenceOptions options)
    {
        options.BaseUrl = Or(options.BaseUrl, "CONFLUENCE_URL").TrimEnd('/');
        if (!options.IsConfigured) return;
        options.Email = Or(options.Email, "CONFLUENCE_USERNAME");
        options.ApiToken = Or(options.ApiToken, "CONFLUENCE_API_TOKEN");

        // A site's products share accounts; the token goes nowhere else.
        if (options.ApiToken.Length == 0 && SameHost(options.Site, jira.Value.Site))
        {
            options.ApiToken = jira.Value.ApiToken;
            if (options.Email.Length == 0) options.Email = jira.Value.Email;
        }

        // On Cloud, Confluence lives below /wiki; people paste the host.
        if (options.Deployment == JiraDeployment.Cloud && Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var uri) && uri.AbsolutePath.Trim('/').Length == 0)
        {
            options.BaseUrl += "/wiki";
        }
    }

    public ValidateOptionsResult Validate(string? name, ConfluenceOptions options)
    {
        if (!options.IsConfigured)
        {
            return options.SpaceKey.Length > 0
                ? ValidateOptionsResult.Fail("Confluence__SpaceKey is set without Confluence__BaseUrl: set the site's address, such as https://acme.atlassian.net/wiki.")
                : ValidateOptionsResult.Success;
        }

        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
        {
            return ValidateOptionsResult.Fail("Confluence__BaseUrl is no address: it must look like https://acme.atlassian.net/wiki.");
        }

        if (!JiraOptionsValidator.IsToken(options.ApiToken) && (options.Deployment == JiraDeployment.Cloud || options.Email.Length == 0))
        {
            return ValidateOptionsResult.Fail("Confluence__ApiToken holds a space, a line break or a letter that no token has: copy it again.");
        }

        return options.ApiToken.Length == 0
            ? ValidateOptionsResult.Fail("Confluence__ApiToken is missing: the Jira account is used only where both are on the same host.")
            : ValidateOptionsResult.Success;
    }

    private static bool SameHost(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second)
        && first.GetLeftPart(UriPartial.Authority) == second.GetLeftPart(UriPartial.Authority);

    private string Or(string value, string fallback) => (string.IsNullOrWhiteSpace(value) ? configuration[fallback] ?? "" : value).Trim();
}
