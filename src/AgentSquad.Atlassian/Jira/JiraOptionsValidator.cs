using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Refuses settings that cannot work, with the setting's name and the fix. Never prints a secret.</summary>
internal sealed class JiraOptionsValidator : IValidateOptions<JiraOptions>
{
    public ValidateOptionsResult Validate(string? name, JiraOptions options)
    {
        var failures = new List<string>();
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
        {
            failures.AddRange(results.Select(result => result.ErrorMessage).OfType<string>());
        }

        if (options.BaseUrl.Length > 0) CheckAddress("Jira__BaseUrl", options.BaseUrl, failures);
        if (options.CloudId.Length > 0) CheckAddress("Jira__GatewayUrl", options.GatewayUrl, failures);
        if (options.Deployment == JiraDeployment.Cloud && options.Email.Length == 0 && options.ApiToken.Length > 0)
        {
            failures.Add("Jira__Email is missing: on Jira Cloud a token belongs to an e-mail address. For a Data Center set Jira__Deployment=DataCenter.");
        }

        if (options.CloudId.Length > 0 && options.Deployment == JiraDeployment.DataCenter)
        {
            failures.Add("Jira__CloudId is set, but Jira__Deployment is DataCenter: remove one of the two.");
        }

        if (!IsToken(options.ApiToken) && (options.Deployment == JiraDeployment.Cloud || options.Email.Length == 0))
        {
            failures.Add("Jira__ApiToken holds a space, a line break or a letter that no token has: copy it again.");
        }

        if (options.PreviousWebhookSecret.Length > 0 && options.WebhookSecret.Length == 0)
        {
            failures.Add("Jira__PreviousWebhookSecret is set without Jira__WebhookSecret: set the current secret too.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Whether a text can be a token: these travel in a header as they are. A password may be anything.</summary>
    internal static bool IsToken(string text) => text.All(character => character is > ' ' and <= '~');

    private static void CheckAddress(string setting, string value, List<string> failures)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            failures.Add($"{setting} is no address: it must start with https://, such as https://acme.atlassian.net.");
        }
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            failures.Add($"{setting} must be the site's address alone, without user name, query or fragment.");
        }
        else if (uri.Scheme == "http" && uri.Host.EndsWith(".atlassian.net", StringComparison.OrdinalIgnoreCase))
        {
            failures.Add($"{setting} starts with http://: a token would travel unprotected. Use https://.");
        }
        else if (uri.Host.EndsWith(".atlassian.net", StringComparison.OrdinalIgnoreCase) && uri.AbsolutePath.Trim('/').Length > 0)
        {
            failures.Add($"{setting} has a path: a Cloud site's address ends after the host, https://{uri.Host}.");
        }
        else if (IPAddress.TryParse(uri.Host, out var address) && address.Equals(IPAddress.Any))
        {
            failures.Add($"{setting} is 0.0.0.0: name the address that the site answers on.");
        }
    }
}
