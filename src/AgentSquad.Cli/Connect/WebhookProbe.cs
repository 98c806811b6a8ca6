using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSquad.Atlassian.Webhooks;

namespace AgentSquad.Cli.Connect;

/// <summary>A signed event of no interest: the app takes it like any other, and it starts nothing.</summary>
internal static class WebhookProbe
{
    private const string Path = "api/jira/webhook";

    // A name within Jira's family of events that Jira itself does not send.
    private const string EventName = "jira:agentsquad_probe";

    /// <summary>The webhook's address below an app's.</summary>
    public static Uri AddressOf(Uri app) => new(app.AbsoluteUri.TrimEnd('/') + "/" + Path);

    /// <summary>Posts a probe.</summary>
    /// <param name="http">The client.</param>
    /// <param name="webhook">The webhook's address.</param>
    /// <param name="secret">The secret that signs it.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<ProbeAnswer> SendAsync(HttpClient http, Uri webhook, string secret, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), webhookEvent = EventName, probe = id });
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSigner.Sign(body, secret));
        request.Headers.Add(WebhookHeaders.Identifier, $"{id}");
        using var response = await http.SendAsync(request, cancellation);
        return new ProbeAnswer(response.StatusCode, $"{(int)response.StatusCode} {response.ReasonPhrase}".Trim());
    }
}

/// <summary>What came back.</summary>
/// <param name="Status">The status.</param>
/// <param name="Said">The status in words.</param>
internal sealed record ProbeAnswer(HttpStatusCode Status, string Said);
