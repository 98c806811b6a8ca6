using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Atlassian.Jira;

namespace AgentSquad.Cli.Connect;

/// <summary>Registers the app's webhook on the site, once, however often it is asked to.</summary>
internal sealed class WebhookRegistrar(IJiraSite site, ISiteEffects effects)
{
    private const string Check = "connect.webhook";

    /// <summary>
    /// Registers the webhook. One that leads to the same address, whatever its name, or that has the same name is changed instead.
    /// </summary>
    /// <returns>The finding; an error when the account is no administrator's.</returns>
    public async Task<Finding> RegisterAsync(JiraWebhookDraft draft, CancellationToken cancellation)
    {
        try
        {
            var registered = await site.GetWebhooksAsync(cancellation);
            if (registered.FirstOrDefault(webhook => SameAddress(webhook.Url, draft.Url)) is { } sameAddress)
            {
                await site.UpdateWebhookAsync(sameAddress.Id, draft with { Name = sameAddress.Name }, cancellation);
                return Finding.Ok(Check, $"The webhook '{sameAddress.Name}' leads to that address already; its secret and events are up to date now.");
            }

            var sameName = registered.FirstOrDefault(webhook => webhook.Name.Trim().Equals(draft.Name, StringComparison.OrdinalIgnoreCase));
            var webhook = await effects.EnsureWebhookAsync(draft, cancellation);
            return Finding.Ok(Check, sameName is null
                ? $"Registered the webhook '{webhook.Name}'."
                : $"The webhook '{webhook.Name}' led to {AddressOf(sameName.Url)}; it leads to the new address now.");
        }
        catch (JiraException error) when (error.Failure is JiraFailure.Forbidden or JiraFailure.Unauthorized or JiraFailure.NotFound)
        {
            return Finding.Warning(
                Check,
                $"The site does not let this account register webhooks ({(int?)error.StatusCode}).",
                "Fill in the form below as an administrator, or set JIRA_ADMIN_USERNAME and JIRA_ADMIN_API_TOKEN and run this again.");
        }
    }

    // A key in the query is a secret, and not part of where it leads.
    private static string AddressOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Path) : "nowhere";

    private static bool SameAddress(string one, string other) => AddressOf(one).TrimEnd('/').Equals(AddressOf(other).TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
