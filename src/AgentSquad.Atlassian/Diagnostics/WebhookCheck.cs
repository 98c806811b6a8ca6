using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Whether the site tells the app what happens, signed.</summary>
internal sealed class WebhookCheck(IJiraSite site, JiraOptions options, SiteAccess access, SiteExpectations expected)
{
    /// <summary>End of every address of the app's webhook.</summary>
    public const string WebhookPath = "/api/jira/webhook";

    private const string Check = "jira.webhook";
    private const string SecretCheck = "jira.webhookSecret";
    private const string SecretSetting = "Jira__WebhookSecret";
    private const string Connect = "squad connect --url https://your-public-address";
    private const int ShortSecret = 16;

    /// <summary>The secret, as far as it can be judged without showing it.</summary>
    public Task<IReadOnlyList<Finding>> LookAtSecretAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([Secret()]);

    /// <summary>The registrations on the site; only administrators may read them.</summary>
    public async Task<IReadOnlyList<Finding>> LookAtRegistrationsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JiraWebhookRegistration> ours;
        try
        {
            ours = [.. (await site.GetWebhooksAsync(cancellationToken)).Where(webhook => PathOf(webhook.Url).EndsWith(WebhookPath, StringComparison.OrdinalIgnoreCase))];
        }
        catch (JiraException error) when (error.Failure is JiraFailure.Forbidden or JiraFailure.Unauthorized or JiraFailure.NotFound)
        {
            return [Finding.Warning(
                Check,
                "Only administrators may read the site's webhooks, and this account is none: whether one is registered was not checked.",
                $"Look at Settings, System, WebHooks, or set JIRA_ADMIN_USERNAME and JIRA_ADMIN_API_TOKEN for this command alone; '{Connect}' registers one.")];
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, Check, access)];
        }

        if (ours.Count == 0)
        {
            return [Finding.Error(Check, $"No webhook of the site leads to an address that ends in {WebhookPath}: no event reaches the app.", $"Register one: {Connect}.")];
        }

        var findings = ours.SelectMany(LookAt).ToList();
        var doubled = ours.Where(webhook => webhook.IsEnabled).GroupBy(webhook => AddressOf(webhook.Url), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (doubled is not null)
        {
            findings.Add(Finding.Warning(Check, $"{doubled.Count()} webhooks lead to {doubled.Key}: every event is sent as often.", "Delete all but one in Settings, System, WebHooks."));
        }

        return findings.Count > 0 ? findings : [Finding.Ok(Check, $"Webhooks are registered and signed: {string.Join(", ", ours.Select(webhook => AddressOf(webhook.Url)).Distinct())}.")];
    }

    private Finding Secret()
    {
        var secret = options.WebhookSecret;
        if (secret.Length == 0)
        {
            if (options.AllowUnsignedWebhooks)
            {
                return Finding.Warning(
                    SecretCheck, "Webhooks are taken without a signature, from anyone who reaches the app.",
                    "Set Jira__WebhookSecret and remove Jira__AllowUnsignedWebhooks.", "Jira__AllowUnsignedWebhooks");
            }

            return expected.HasWebhookKey
                ? Finding.Ok(SecretCheck, "No secret, but a key in the webhook's address, for a site that cannot sign.", "Squad__WebhookKey")
                : Finding.Error(
                    SecretCheck, "Jira__WebhookSecret is missing: the app refuses every webhook with 401.",
                    "Set it to a long random text, such as from 'openssl rand -hex 32', and give the webhook in Jira the same one.", SecretSetting);
        }

        if (secret != secret.Trim())
        {
            return Finding.Warning(
                SecretCheck, "Jira__WebhookSecret begins or ends with a space or line break, which Jira's form cuts off.", "Set it again without them.", SecretSetting);
        }

        return secret.Length < ShortSecret
            ? Finding.Warning(SecretCheck, $"Jira__WebhookSecret has fewer than {ShortSecret} characters and can be guessed.", "Take one from 'openssl rand -hex 32'.", SecretSetting)
            : Finding.Ok(SecretCheck, "A webhook secret is set.", SecretSetting);
    }

    private IEnumerable<Finding> LookAt(JiraWebhookRegistration webhook)
    {
        var address = AddressOf(webhook.Url);
        if (!webhook.IsEnabled)
        {
            yield return Finding.Error(Check, $"The webhook to {address} is switched off.", $"Switch it on in Settings, System, WebHooks, or run '{Connect}'.");
            yield break;
        }

        if (webhook.IsSigned == false && !expected.HasWebhookKey)
        {
            yield return Finding.Error(
                Check, $"The webhook to {address} was saved without a secret: Jira does not sign, and the app answers 401.",
                $"Edit it in Settings, System, WebHooks and set the secret to the value of {SecretSetting}, or run '{Connect}'.", SecretSetting);
        }

        var missing = JiraWebhookDraft.Events.Except(webhook.Events, StringComparer.Ordinal).ToList();
        if (webhook.Events.Count > 0 && missing.Count > 0)
        {
            yield return Finding.Warning(
                Check, $"The webhook to {address} leaves out: {string.Join(", ", missing)}.", $"Tick them in Settings, System, WebHooks, or run '{Connect}'.");
        }

        if (Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) && url.IsLoopback && !new Uri(options.Site).IsLoopback)
        {
            yield return Finding.Error(
                Check, $"The webhook leads to {address}, which is the site's own machine and not this one.", $"Give this machine a public address and run '{Connect}'.");
        }
    }

    private static string PathOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.AbsolutePath.TrimEnd('/') : "";

    // Without the query: a key in it is a secret.
    private static string AddressOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Path) : "an address that is none";
}
