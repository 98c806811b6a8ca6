namespace AgentSquad.Atlassian.Webhooks;

/// <summary>HTTP headers that Jira sends with a webhook.</summary>
public static class WebhookHeaders
{
    /// <summary><c>sha256=&lt;hex&gt;</c> over the raw body; present only when the webhook was saved with a secret.</summary>
    public const string Signature = "X-Hub-Signature";

    /// <summary>Unique per delivery on a site, the same on every retry. Not covered by the signature.</summary>
    public const string Identifier = "X-Atlassian-Webhook-Identifier";

    /// <summary>Number of the retry; absent on the first try.</summary>
    public const string Retry = "X-Atlassian-Webhook-Retry";

    /// <summary><c>Primary</c>, or <c>Secondary</c> for the fallout of a bulk change.</summary>
    public const string Flow = "X-Atlassian-Webhook-Flow";
}
