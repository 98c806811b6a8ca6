using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    public async Task<IReadOnlyList<JiraWebhookRegistration>> GetWebhooksAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"/rest/webhooks/1.0/webhook", "Reading the webhooks", cancellationToken);
        return answer.RootElement.ValueKind == JsonValueKind.Array ? [.. answer.RootElement.EnumerateArray().Select(RegistrationOf)] : [];
    }

    public async Task<JiraWebhookRegistration> RegisterWebhookAsync(JiraWebhookDraft draft, CancellationToken cancellationToken)
    {
        using var answer = await http.WriteAsync(HttpMethod.Post, $"/rest/webhooks/1.0/webhook", BodyOf(draft), "Registering the webhook", cancellationToken);
        return RegistrationOf(answer.RootElement);
    }

    public Task UpdateWebhookAsync(string id, JiraWebhookDraft draft, CancellationToken cancellationToken)
    {
        var body = BodyOf(draft);
        body["enabled"] = true;
        return http.SendAsync(HttpMethod.Put, $"/rest/webhooks/1.0/webhook/{id}", body, $"Changing webhook {id}", cancellationToken);
    }

    public Task DeleteWebhookAsync(string id, CancellationToken cancellationToken) =>
        DeleteAsync($"/rest/webhooks/1.0/webhook/{id}", $"Deleting webhook {id}", cancellationToken);

    private static JsonObject BodyOf(JiraWebhookDraft draft)
    {
        var body = new JsonObject
        {
            ["name"] = draft.Name,
            ["url"] = draft.Url,
            ["events"] = Strings(JiraWebhookDraft.Events),
            ["excludeBody"] = false,
        };
        if (draft.JqlFilter is { } filter) body["filters"] = new JsonObject { ["issue-related-events-section"] = filter };
        if (draft.Secret is { } secret) body["secret"] = secret;
        return body;
    }

    // Neither product puts the id anywhere but at the end of the webhook's own address.
    private static JiraWebhookRegistration RegistrationOf(JsonElement webhook) => new(
        webhook.Text("id") ?? webhook.Text("self")?.TrimEnd('/').Split('/')[^1] ?? "",
        webhook.Text("name") ?? "",
        webhook.Text("url") ?? "",
        [.. webhook.Items("events").Select(item => item.Text()).OfType<string>()],
        webhook.Flag("enabled") ?? true,
        webhook.Flag("isSigned") ?? webhook.Flag("hasSecret"));
}
