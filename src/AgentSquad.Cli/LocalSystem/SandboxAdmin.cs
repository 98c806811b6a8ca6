using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>The sandbox's own routes, which no Jira has.</summary>
internal static class SandboxAdmin
{
    /// <summary>Tells the sandbox where its webhooks go.</summary>
    public static async Task SetWebhookAsync(HttpClient http, string sandbox, string url, string secret, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(new Uri($"{sandbox}/sandbox/webhook"), new { url, secret }, cancellation);
        await RequireSuccessAsync(response, "set the webhook's address", cancellation);
    }

    /// <summary>Creates a ticket with a given id and key, without a webhook.</summary>
    public static async Task SeedAsync(HttpClient http, string sandbox, JsonObject issue, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(new Uri($"{sandbox}/sandbox/issues"), issue, cancellation);
        await RequireSuccessAsync(response, "create the ticket", cancellation);
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return;
        var said = (await response.Content.ReadAsStringAsync(cancellation)).Trim();
        throw new CliException($"The Jira sandbox refused to {what}: {(int)response.StatusCode} {said}");
    }
}
