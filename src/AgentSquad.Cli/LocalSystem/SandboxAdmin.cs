using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
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

    /// <summary>Creates a project; one that is there already is fine.</summary>
    public static async Task AddProjectAsync(HttpClient http, string sandbox, string key, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(new Uri($"{sandbox}/sandbox/projects"), new { key }, cancellation);
        await RequireSuccessAsync(response, "create the project", cancellation);
    }

    /// <summary>Lets requests go wrong: the JSON of a fault, as the sandbox describes it.</summary>
    public static async Task AddFaultAsync(HttpClient http, string sandbox, JsonObject fault, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(new Uri($"{sandbox}/sandbox/faults"), fault, cancellation);
        await RequireSuccessAsync(response, "switch a fault on", cancellation);
    }

    /// <summary>The webhooks that were sent about a ticket, oldest first: identifier and the very bytes.</summary>
    public static async Task<IReadOnlyList<(string Identifier, byte[] Body)>> GetDeliveriesAsync(
        HttpClient http, string sandbox, string key, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(new Uri($"{sandbox}/sandbox/deliveries?issue={key}&expand=body"), cancellation);
        await RequireSuccessAsync(response, "list its webhooks", cancellation);
        using var deliveries = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        return
        [
            .. deliveries.RootElement.EnumerateArray().Select(
                delivery => (delivery.GetProperty("identifier").GetString()!, Encoding.UTF8.GetBytes(delivery.GetProperty("body").GetRawText()))),
        ];
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage response, string what, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return;
        var said = (await response.Content.ReadAsStringAsync(cancellation)).Trim();
        throw new CliException($"The Jira sandbox refused to {what}: {(int)response.StatusCode} {said}");
    }
}
