using System.Globalization;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class TicketEffects
{
    public async Task<JiraWebhookRegistration> EnsureWebhookAsync(JiraWebhookDraft draft, CancellationToken cancellationToken)
    {
        var isNew = false;
        var webhook = await EnsureAsync(
            token =>
            {
                isNew = true;
                return jira.RegisterWebhookAsync(draft, token);
            },
            async token => (await jira.GetWebhooksAsync(token))
                .Where(one => string.Equals(one.Name.Trim(), draft.Name.Trim(), StringComparison.OrdinalIgnoreCase))
                .OrderBy(one => long.TryParse(one.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue).ToList(),
            (surplus, token) => jira.DeleteWebhookAsync(surplus.Id, token),
            cancellationToken);
        if (isNew) return webhook;

        // The same however often it is done.
        await AgainAsync(token => jira.UpdateWebhookAsync(webhook.Id, draft, token), cancellationToken);
        return webhook with { Url = draft.Url, Events = JiraWebhookDraft.Events, IsEnabled = true };
    }
}
