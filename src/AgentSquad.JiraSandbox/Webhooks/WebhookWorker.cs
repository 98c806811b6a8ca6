using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AgentSquad.JiraSandbox.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Webhooks;

/// <summary>
/// Delivers webhooks: those of one ticket in order, those of different tickets at the same time. Retries what Jira retries (408, 409, 425,
/// 429, 5xx, no connection, no answer in time), with the configured pauses instead of Jira's minutes.
/// </summary>
internal sealed class WebhookWorker(WebhookOutbox outbox, IOptions<SandboxOptions> options, TimeProvider time, ILogger<WebhookWorker> logger)
    : BackgroundService
{
    private readonly Dictionary<string, Task> _lastOfTicket = [];
    private readonly TimeSpan[] _delays = ParseDelays(options.Value.Webhook.RetryDelays);
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5),
    }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Reads <c>Sandbox__Webhook__RetryDelays</c>.</summary>
    /// <exception cref="InvalidOperationException">It is no list of seconds.</exception>
    public static TimeSpan[] ParseDelays(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400
                ? TimeSpan.FromSeconds(seconds)
                : throw new InvalidOperationException($"Sandbox__Webhook__RetryDelays: '{part}' is no number of seconds. Write them as in 1,2,4,8."))];

    /// <inheritdoc/>
    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var delivery in outbox.Waiting.ReadAllAsync(stoppingToken))
            {
                var key = delivery.IssueId + "\n" + delivery.Url;
                var previous = _lastOfTicket.GetValueOrDefault(key, Task.CompletedTask);
                _lastOfTicket[key] = DeliverAfterAsync(previous, delivery, stoppingToken);
                foreach (var done in _lastOfTicket.Where(entry => entry.Value.IsCompleted).Select(entry => entry.Key).ToList())
                    _lastOfTicket.Remove(done);
            }
        }
        finally
        {
            await Task.WhenAll(_lastOfTicket.Values);
        }
    }

    private async Task DeliverAfterAsync(Task previous, WebhookDelivery delivery, CancellationToken stoppingToken)
    {
        await previous;
        try
        {
            for (var retry = 0; ; retry++)
            {
                var (status, error) = await AttemptAsync(delivery, retry, stoppingToken);
                var again = IsRetried(status) && retry < _delays.Length;
                delivery.Note(status, error, !again, time.GetUtcNow());
                if (!again)
                {
                    if (status is not (>= 200 and < 300))
                        logger.LogWarning("Webhook {Event} to {Url} failed: {Outcome}", delivery.Payload.Event, delivery.Url, error ?? $"status {status}");
                    return;
                }

                await Task.Delay(_delays[retry], time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The sandbox stops; what was not delivered is shown as unfinished.
        }
    }

    private async Task<(int? Status, string? Error)> AttemptAsync(WebhookDelivery delivery, int retry, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.Value.Webhook.ResponseTimeoutSeconds));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
            request.Content = new ByteArrayContent(delivery.Payload.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "UTF-8" };
            request.Headers.UserAgent.ParseAdd("Atlassian-Webhook-HTTP-Client");
            request.Headers.Add("X-Atlassian-Webhook-Identifier", delivery.Identifier);
            request.Headers.Add("X-Atlassian-Webhook-Flow", "Primary");
            request.Headers.Add("X-Atlassian-Webhook-Trace", delivery.Identifier[..16]);
            if (retry > 0) request.Headers.Add("X-Atlassian-Webhook-Retry", $"{retry}");
            if (delivery.Secret.Length > 0)
                request.Headers.Add("X-Hub-Signature", Sign(delivery.Payload.Body, delivery.Secret));
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return ((int)response.StatusCode, null);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return (null, $"no answer within {options.Value.Webhook.ResponseTimeoutSeconds} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or UriFormatException or InvalidOperationException or NotSupportedException)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Value of <c>X-Hub-Signature</c>: HMAC-SHA256 over the raw bytes.</summary>
    public static string Sign(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static bool IsRetried(int? status) => status is null or 408 or 409 or 425 or 429 or >= 500;
}
