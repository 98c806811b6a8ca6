using System.Threading.Channels;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Webhooks;

/// <summary>Takes what is to be announced, in order, and remembers what was announced.</summary>
internal sealed class WebhookOutbox(TimeProvider time)
{
    private const int Remembered = 2_000;

    private readonly Channel<WebhookDelivery> _queue = Channel.CreateUnbounded<WebhookDelivery>();
    private readonly Lock _lock = new();
    private readonly Queue<WebhookDelivery> _log = new();

    /// <summary>Deliveries that wait for the worker.</summary>
    public ChannelReader<WebhookDelivery> Waiting => _queue.Reader;

    /// <summary>The latest deliveries, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries
    {
        get
        {
            lock (_lock) return [.. _log];
        }
    }

    /// <summary>Queues an event for every webhook that listens to it.</summary>
    public void Publish(SiteModel site, SiteIssue issue, WebhookPayload payload)
    {
        foreach (var webhook in site.Webhooks)
        {
            if (!webhook.Enabled || (webhook.Events.Count > 0 && !webhook.Events.Contains(payload.Event))) continue;
            if (webhook.Filter.Length > 0 && !Jql.Parse(webhook.Filter).Matches(site, issue)) continue;
            var delivery = new WebhookDelivery($"{Guid.NewGuid():N}", webhook, payload, issue.Id, issue.Key, time.GetUtcNow());
            lock (_lock)
            {
                _log.Enqueue(delivery);
                if (_log.Count > Remembered) _log.Dequeue();
            }

            _queue.Writer.TryWrite(delivery);
        }
    }
}
