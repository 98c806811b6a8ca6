using System.Net;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Faults;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;
using AgentSquad.JiraSandbox.Webhooks;

namespace AgentSquad.JiraSandbox.Admin;

/// <summary>Routes that no Jira has, for those who set a scene or look behind it. Unauthenticated and therefore loopback only.</summary>
internal static class AdminEndpoints
{
    /// <summary>Maps <c>/sandbox/*</c>.</summary>
    public static void MapAdmin(this WebApplication app)
    {
        var group = app.MapGroup("/sandbox").AddEndpointFilter(LocalOnlyAsync).AddEndpointFilter(RestApi.InsideTheGateAsync);
        group.MapPost("/issues", (RestCall call, SiteStore store, TimeProvider time) =>
        {
            var (issue, isNew) = new TicketImport(call.Site, time).Import(call.Body);
            if (isNew) store.MarkChanged();
            return Answers.Json(
                new JsonObject { ["id"] = issue.Id, ["key"] = issue.Key, ["self"] = call.View.Self($"issue/{issue.Id}") },
                isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        });
        group.MapGet("/requests", (RequestLog log) => Answers.Json(log.ToJson()));
        group.MapDelete("/requests", (RequestLog log) =>
        {
            log.Clear();
            return Answers.NoContent();
        });
        group.MapGet("/deliveries", (RestCall call, WebhookOutbox outbox) => Answers.Json(new JsonArray([.. outbox.Deliveries
            .Where(delivery => call.Query("issue") is not { } issue || delivery.IssueKey == issue || delivery.IssueId == issue)
            .Select(delivery => delivery.ToJson(withBody: call.QueryList("expand").Contains("body")))])));
        group.MapGet("/faults", (FaultBoard faults) => Answers.Json(faults.ToJson()));
        group.MapPost("/faults", (RestCall call, FaultBoard faults) => Answers.Created(faults.Add(call.Site, call.Body)));
        group.MapDelete("/faults", (RestCall call, FaultBoard faults) =>
        {
            faults.Remove(call.Site, null);
            return Answers.NoContent();
        });
        group.MapDelete("/faults/{id}", (string id, RestCall call, FaultBoard faults) =>
        {
            faults.Remove(call.Site, id);
            return Answers.NoContent();
        });
        group.MapPost("/projects", (RestCall call, SiteStore store) =>
        {
            var key = AdfText.String(call.Body["key"])?.ToUpperInvariant() ?? throw JiraRefusal.WrongField("key", "Give a project key.");
            var project = call.Site.FindProject(key) ?? SiteSetup.AddProject(call.Site, key, AdfText.String(call.Body["name"]) ?? key);
            project.ServiceDesk = AdfText.String(call.Body["projectTypeKey"]) == "service_desk";
            store.MarkChanged();
            return Answers.Created(new JsonObject { ["id"] = project.Id, ["key"] = project.Key });
        });
        group.MapPost("/webhook", (RestCall call, SiteStore store) =>
        {
            var url = AdfText.String(call.Body["url"]) ?? "";
            if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
                throw JiraRefusal.WrongField("url", "Give an absolute http or https address.");
            SiteSetup.SetWebhook(call.Site, url, AdfText.String(call.Body["secret"]) ?? "");
            store.MarkChanged();
            return Answers.NoContent();
        });
    }

    /// <summary>
    /// Refuses callers from other machines and, because nobody logs in here, what a page of another site makes a browser send: by its
    /// fetch metadata, and by a host name that is not this machine's.
    /// </summary>
    public static async ValueTask<object?> LocalOnlyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var elsewhere = http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address);
        var foreignPage = !HttpMethods.IsGet(http.Request.Method) && http.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        var host = http.Request.Host.Host;
        var known = host == "localhost" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))
            || (Uri.TryCreate(http.RequestServices.GetRequiredService<SiteAddress>().BaseUrl, UriKind.Absolute, out var site) && site.Host == host);
        return elsewhere || foreignPage || !known ? Results.StatusCode(StatusCodes.Status403Forbidden) : await next(context);
    }
}
