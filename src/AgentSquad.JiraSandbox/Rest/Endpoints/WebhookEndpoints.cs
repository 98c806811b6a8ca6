using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Webhooks as administrators register them; the newer resource is for apps only and says so.</summary>
internal static class WebhookEndpoints
{
    private static readonly HashSet<string> Events =
    [
        "jira:issue_created", "jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_updated", "comment_deleted",
        "attachment_created", "attachment_deleted", "issuelink_created", "issuelink_deleted", "worklog_created", "worklog_updated", "worklog_deleted",
    ];

    /// <summary>Maps the resources.</summary>
    public static void MapWebhookRegistration(this WebApplication app)
    {
        var group = app.MapGroup("/rest/webhooks/1.0").AddEndpointFilter(RestApi.InsideTheGateAsync);
        group.MapGet("/webhook", (RestCall call) =>
        {
            Demand(call);
            return Answers.Json(new JsonArray([.. call.Site.Webhooks.Select(webhook => Shape(call, webhook))]));
        });
        group.MapPost("/webhook", (RestCall call, SiteStore store) =>
        {
            Demand(call);
            var webhook = new SiteWebhook { Id = call.Site.NextId(), Name = "", Url = "" };
            Apply(webhook, call.Body);
            call.Site.Webhooks.Add(webhook);
            store.MarkChanged();
            return Answers.Created(Shape(call, webhook));
        });
        group.MapGet("/webhook/{id}", (string id, RestCall call) => Answers.Json(Shape(call, Find(call, id))));
        group.MapPut("/webhook/{id}", (string id, RestCall call, SiteStore store) =>
        {
            var webhook = Find(call, id);
            Apply(webhook, call.Body);
            store.MarkChanged();
            return Answers.Json(Shape(call, webhook));
        });
        group.MapDelete("/webhook/{id}", (string id, RestCall call, SiteStore store) =>
        {
            call.Site.Webhooks.Remove(Find(call, id));
            store.MarkChanged();
            return Answers.NoContent();
        });
        app.MapMethods("/rest/api/3/webhook", ["GET", "POST", "DELETE"], IResult (RestCall call) =>
            throw JiraRefusal.Forbidden("Only Connect and OAuth 2.0 apps can use this operation.")).AddEndpointFilter(RestApi.InsideTheGateAsync);
    }

    private static void Demand(RestCall call)
    {
        if (!Permissions.Has(call.Site, call.Caller, "ADMINISTER")) throw JiraRefusal.Forbidden("You need the permission Administer Jira to manage webhooks.");
    }

    private static SiteWebhook Find(RestCall call, string id)
    {
        Demand(call);
        return call.Site.Webhooks.Find(webhook => webhook.Id == id) ?? throw JiraRefusal.NotFound($"No webhook with id {id}.");
    }

    private static void Apply(SiteWebhook webhook, JsonObject body)
    {
        var name = AdfText.String(body["name"]) ?? webhook.Name;
        var url = AdfText.String(body["url"]) ?? webhook.Url;
        var events = body["events"] is JsonArray list ? [.. list.Select(AdfText.String).OfType<string>()] : webhook.Events;
        if (string.IsNullOrWhiteSpace(name)) throw JiraRefusal.WrongField("name", "The webhook needs a name.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
            throw JiraRefusal.WrongField("url", "The URL has to be absolute, http or https.");
        if (events.Find(one => !Events.Contains(one)) is { } unknown) throw JiraRefusal.WrongField("events", $"Unknown event: {unknown}");
        var filter = AdfText.String((body["filters"] as JsonObject)?["issue-related-events-section"]) ?? webhook.Filter;
        Jql.Parse(filter);
        (webhook.Name, webhook.Url, webhook.Events, webhook.Filter) = (name, url, events, filter);
        webhook.Secret = AdfText.String(body["secret"]) ?? webhook.Secret;
        webhook.Enabled = AdfText.String(body["enabled"]) is not ("false" or "False");
    }

    // A saved secret is never shown again, only that there is one.
    private static JsonObject Shape(RestCall call, SiteWebhook webhook) => new()
    {
        ["name"] = webhook.Name,
        ["url"] = webhook.Url,
        ["events"] = new JsonArray([.. (webhook.Events.Count == 0 ? Events : webhook.Events.AsEnumerable()).Select(one => JsonValue.Create(one))]),
        ["filters"] = new JsonObject { ["issue-related-events-section"] = webhook.Filter },
        ["excludeBody"] = false,
        ["enabled"] = webhook.Enabled,
        ["isSigned"] = webhook.Secret.Length > 0,
        ["self"] = $"{call.View.BaseUrl}/rest/webhooks/1.0/webhook/{webhook.Id}",
    };
}
