using System.Net;
using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Webhook;

/// <summary>Webhooks without a signature are for try-outs: the app then starts on a loopback address only.</summary>
internal sealed class UnsignedWebhooksValidator(IConfiguration configuration) : IValidateOptions<JiraOptions>
{
    // The embedded host's own switch, and what both Core Tools and Azure set to the address that clients use.
    private static readonly string[] Addresses = ["host", "WEBSITE_HOSTNAME"];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, JiraOptions options)
    {
        if (!options.AllowUnsignedWebhooks) return ValidateOptionsResult.Success;
        var exposed = Addresses.Select(setting => configuration[setting]).FirstOrDefault(address => address is { Length: > 0 } && !IsLoopback(address));
        return exposed is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Jira__AllowUnsignedWebhooks is true, but the app would listen on {exposed}, where anyone may send webhooks. "
                + "Set Jira__WebhookSecret and remove Jira__AllowUnsignedWebhooks, or listen on 127.0.0.1.");
    }

    private static bool IsLoopback(string address)
    {
        var host = Uri.TryCreate($"http://{address}", UriKind.Absolute, out var uri) ? uri.Host.Trim('[', ']') : address;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
