using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentSquad.Agents;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Functions.Api;
using AgentSquad.Functions.Configuration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Webhook;

/// <summary>Accepts Jira's webhooks: checks size, signature and envelope, in this order, and puts the event on the queue.</summary>
/// <remarks>202 with the delivery id; 400 no Jira event; 401 unsigned or wrong; 405 not a POST; 413 over 1 MiB; 503 storage is down.</remarks>
internal sealed class JiraWebhook(
    IEventQueue queue, RefusedDeliveries refused, IOptions<JiraOptions> jira, IOptions<SquadOptions> squad, TimeProvider time, ILogger<JiraWebhook> logger)
{
    /// <summary>Largest body, in bytes.</summary>
    public const int LargestBody = 1024 * 1024;

    private const int RetryAfterSeconds = 30;
    private const int LongestIdentifier = 200;

    /// <summary>POST api/jira/webhook. All methods arrive here, so that a wrong one gets 405 on every host.</summary>
    [Function(nameof(JiraWebhook))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "jira/webhook")] HttpRequestData request, FunctionContext context)
    {
        if (!HttpMethod.Post.Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
        {
            var refused = await request.ErrorAsync(HttpStatusCode.MethodNotAllowed, "Webhooks are sent with POST.");
            refused.Headers.TryAddWithoutValidation("Allow", HttpMethod.Post.Method);
            return refused;
        }

        if (await ReadAsync(request, context.CancellationToken) is not { } body)
        {
            return await request.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, "The body is larger than 1 MiB.");
        }

        if (!IsTrusted(request, body))
        {
            return await request.ErrorAsync(HttpStatusCode.Unauthorized, $"{WebhookHeaders.Signature} is missing or wrong.");
        }

        if (!WebhookParser.TryParseEnvelope(body, out var envelope, out var reason))
        {
            return await request.ErrorAsync(HttpStatusCode.BadRequest, reason);
        }

        var message = new EventMessage(
            Convert.ToHexStringLower(SHA256.HashData(body.Span))[..32], Identifier(request), time.GetUtcNow(), body, Blob: null);
        using var span = AgentTelemetry.StartForRun("accept webhook", message.DeliveryId, ActivityKind.Server);
        span?.SetTag("agentsquad.delivery", message.DeliveryId).SetTag("agentsquad.event", envelope.Event);
        try
        {
            await queue.AddAsync(message, context.CancellationToken);
        }
        catch (EventQueueUnavailableException e)
        {
            refused.Add(message.DeliveryId, e);
            var busy = await request.ErrorAsync(HttpStatusCode.ServiceUnavailable, "The event could not be stored. Please deliver it again.");
            busy.Headers.TryAddWithoutValidation("Retry-After", RetryAfterSeconds.ToString(CultureInfo.InvariantCulture));
            return busy;
        }

        refused.Over();
        logger.LogInformation("Accepted delivery {DeliveryId}: {Event} of ticket {TicketId}.", message.DeliveryId, envelope.Event, envelope.TicketId);
        return await request.JsonAsync(HttpStatusCode.Accepted, new { deliveryId = message.DeliveryId });
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        var announced = Header(request, "Content-Length");
        return long.TryParse(announced, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > LargestBody
            ? null
            : await BoundedBody.ReadAsync(request.Body, LargestBody, cancellationToken);
    }

    private bool IsTrusted(HttpRequestData request, ReadOnlyMemory<byte> body)
    {
        var options = jira.Value;
        var signature = Header(request, WebhookHeaders.Signature);
        if (WebhookSignature.Verify(body.Span, signature, options.WebhookSecret, options.PreviousWebhookSecret)) return true;

        // A wrong signature is never accepted; what may be allowed is none at all.
        if (signature is null && (options.AllowUnsignedWebhooks || HasKey(request))) return true;
        if (string.IsNullOrEmpty(options.WebhookSecret) && string.IsNullOrEmpty(options.PreviousWebhookSecret))
        {
            logger.LogWarning("Refused a webhook because no secret is configured: set Jira__WebhookSecret to the secret of the webhook in Jira.");
        }
        else
        {
            logger.LogWarning("Refused a webhook whose signature is {Problem}.", signature is null ? "missing" : "wrong");
        }

        return false;
    }

    private bool HasKey(HttpRequestData request) =>
        squad.Value.WebhookKey is { Length: > 0 } key
        && request.Query["key"] is { Length: > 0 } given
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string? Identifier(HttpRequestData request) =>
        Header(request, WebhookHeaders.Identifier) is { Length: > 0 and <= LongestIdentifier } identifier ? identifier : null;

    private static string? Header(HttpRequestData request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
