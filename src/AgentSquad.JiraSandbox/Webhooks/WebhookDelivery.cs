using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Webhooks;

/// <summary>One webhook on its way, and what became of it.</summary>
internal sealed class WebhookDelivery(string identifier, SiteWebhook target, WebhookPayload payload, string issueId, string issueKey, DateTimeOffset queued)
{
    private readonly Lock _lock = new();
    private int? _status;
    private string? _error;
    private int _attempts;
    private bool _finished;
    private DateTimeOffset? _ended;

    /// <summary>Value of <c>X-Atlassian-Webhook-Identifier</c>; the same on every attempt.</summary>
    public string Identifier => identifier;

    /// <summary>Target address.</summary>
    public string Url { get; } = target.Url;

    /// <summary>Secret for the signature; empty sends unsigned.</summary>
    public string Secret { get; } = target.Secret;

    /// <summary>What is sent.</summary>
    public WebhookPayload Payload => payload;

    /// <summary>Ticket id: deliveries of one ticket keep their order.</summary>
    public string IssueId => issueId;

    /// <summary>Ticket key when it was queued.</summary>
    public string IssueKey => issueKey;

    /// <summary>Notes the outcome of an attempt.</summary>
    /// <param name="status">Answered status, or null when there was no answer.</param>
    /// <param name="error">What went wrong, or null.</param>
    /// <param name="finished">Whether no attempt follows.</param>
    /// <param name="now">When.</param>
    public void Note(int? status, string? error, bool finished, DateTimeOffset now)
    {
        lock (_lock)
        {
            _attempts++;
            (_status, _error, _finished, _ended) = (status, error, finished, now);
        }
    }

    /// <summary>The record that the admin route shows.</summary>
    /// <param name="withBody">Whether to show what was sent.</param>
    public JsonObject ToJson(bool withBody)
    {
        lock (_lock)
        {
            var record = new JsonObject
            {
                ["identifier"] = identifier,
                ["event"] = payload.Event,
                ["issueId"] = issueId,
                ["issueKey"] = issueKey,
                ["url"] = Url,
                ["status"] = _status,
                ["retryCount"] = Math.Max(0, _attempts - 1),
                ["attempts"] = _attempts,
                ["finished"] = _finished,
                ["delivered"] = _finished && _status is >= 200 and < 300,
                ["error"] = _error,
                ["queuedAt"] = queued,
                ["lastAttemptAt"] = _ended,
            };
            if (withBody) record["body"] = JsonNode.Parse(payload.Body);
            return record;
        }
    }
}
