using System.Net;
using System.Net.Http.Headers;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Poison;

namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>Where scenarios play: a sandbox, and a function app that listens to it.</summary>
/// <param name="Http">The client to use.</param>
/// <param name="Sandbox">Base address of the sandbox.</param>
/// <param name="FunctionApp">Base address of the function app.</param>
/// <param name="WebhookSecret">Secret that signs webhooks.</param>
/// <param name="Storage">Storage connection string.</param>
internal sealed record ScenarioSite(HttpClient Http, string Sandbox, string FunctionApp, string WebhookSecret, string Storage)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>The sandbox as a person sees it.</summary>
    public SandboxTickets As(SandboxAccount person) => new(Http, Sandbox, person);

    /// <summary>Delivers a webhook once more, with its own identifier and the very same bytes; an app that is busy is tried again, as Jira does.</summary>
    public async Task DeliverAsync(string identifier, byte[] body, CancellationToken cancellation)
    {
        while (await TryDeliverAsync(identifier, body, cancellation) is var status && status != HttpStatusCode.Accepted)
        {
            if (status != HttpStatusCode.ServiceUnavailable) throw new CliException($"The function app refused a webhook: {(int)status}.");
            await Task.Delay(Interval, cancellation);
        }
    }

    /// <summary>Waits until the function app has worked off what was delivered.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var queue = new PoisonQueue(Storage);
        while (await queue.CountIntakeAsync(cancellation) > 0) await Task.Delay(Interval, cancellation);
    }

    private async Task<HttpStatusCode> TryDeliverAsync(string identifier, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{FunctionApp}/api/jira/webhook")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSigner.Sign(body, WebhookSecret));
        request.Headers.Add(WebhookHeaders.Identifier, identifier);
        using var response = await Http.SendAsync(request, cancellation);
        return response.StatusCode;
    }
}
