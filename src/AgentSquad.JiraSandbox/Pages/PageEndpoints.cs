using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Admin;
using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>The web pages. Like the admin routes they ask nobody to log in and answer this machine only.</summary>
internal static class PageEndpoints
{
    private const string ActorCookie = "acting-as";

    /// <summary>Maps board, ticket, forms, pictures and the stream of changes.</summary>
    public static void MapPages(this WebApplication app)
    {
        var pages = app.MapGroup("").AddEndpointFilter(AdminEndpoints.LocalOnlyAsync).AddEndpointFilter(ProtectAsync).AddEndpointFilter(RestApi.InsideTheGateAsync);
        pages.MapGet("/", (SiteStore store, HttpContext http) =>
        {
            var project = http.Request.Query["project"].ToString();
            return Page(BoardPage.Render(store.Site, project.Length == 0 ? null : project));
        });
        pages.MapGet("/browse/{key}", (string key, SiteStore store, HttpContext http, IOptions<SandboxOptions> options) =>
        {
            if (store.Site.FindIssue(key) is not { } issue) return Page(Missing(key), StatusCodes.Status404NotFound);
            var people = People(store.Site, options.Value);
            return Page(new TicketPage(store.Site, issue, people, http.Request.Cookies[ActorCookie] ?? people[0].AccountId).Render());
        });
        pages.MapPost("/browse/{key}/comment", async (string key, HttpContext http) =>
        {
            var (call, form) = await FormAsync(http);
            var issue = call.Issue(key);
            call.AddComment(issue, new JsonObject { ["body"] = TypedText.ToAdf(form["text"].ToString(), http.RequestServices.GetRequiredService<SiteStore>().Site) });
            return Results.Redirect($"/browse/{issue.Key}#text");
        });
        pages.MapPost("/browse/{key}/status", async (string key, HttpContext http) =>
        {
            var (call, form) = await FormAsync(http);
            var issue = call.Issue(key);
            call.Transition(issue, new JsonObject { ["transition"] = new JsonObject { ["id"] = form["transition"].ToString() } });
            return Results.Redirect($"/browse/{issue.Key}");
        });
        pages.MapGet("/files/{id}", (string id, SiteStore store) =>
            store.Site.Issues.SelectMany(issue => issue.Attachments).FirstOrDefault(file => file.Id == id) is { } file
                ? Results.File(file.Content, "application/octet-stream", file.FileName)
                : Results.NotFound());
        pages.MapGet("/avatars/{name}.svg", (string name, SiteStore store) => Results.Text(
            PageAssets.Avatar(name, store.Site.Users.Find(user => user.AccountId == name)?.DisplayName ?? name), "image/svg+xml"));
        app.MapGet("/assets/{name}", PageAssets.Get);
        app.MapGet("/events", StreamAsync).AddEndpointFilter(AdminEndpoints.LocalOnlyAsync);
    }

    private static IResult Page(Html html, int status = StatusCodes.Status200OK) =>
        Results.Text(html.ToString(), "text/html; charset=utf-8", Encoding.UTF8, status);

    private static Html Missing(string key) => PageLayout.Page("Not found · Jira sandbox", Html.Empty, Html.Of(
        $"<main class=\"board\"><section class=\"welcome\"><h1>No ticket {key}</h1><p><a href=\"/\">Back to the board</a></p></section></main>"));

    private static List<SiteUser> People(SiteModel site, SandboxOptions options) =>
        [.. options.Users.Select(wanted => site.Users.First(user => user.AccountId == wanted.AccountId))];

    private static async Task<(SiteActions Actions, IFormCollection Form)> FormAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var form = await http.Request.ReadFormAsync();
        var site = services.GetRequiredService<SiteStore>().Site;
        var options = services.GetRequiredService<IOptions<SandboxOptions>>().Value;
        var actor = People(site, options).Find(user => user.AccountId == form["account"]) ?? throw new JiraRefusal("Choose who you are.");
        http.Response.Cookies.Append(ActorCookie, actor.AccountId, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });

        // People write in the product's own form of text: documents on Cloud, markup on Data Center; version 3 carries both.
        var view = new View(site, services.GetRequiredService<SiteAddress>().BaseUrl, 3, options.Deployment);
        return (services.GetRequiredService<SiteActionsFactory>().For(view, actor), form);
    }

    private static async ValueTask<object?> ProtectAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
        return await next(context);
    }

    private static async Task StreamAsync(HttpContext http, SiteStore store, IHostApplicationLifetime lifetime)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var version = store.Version;
            await http.Response.WriteAsync($"retry: 1000\ndata: {version}\n\n", ended.Token);
            await http.Response.Body.FlushAsync(ended.Token);
            while (true)
            {
                version = await store.WaitForChangeAsync(version, ended.Token);
                await http.Response.WriteAsync($"data: {version}\n\n", ended.Token);
                await http.Response.Body.FlushAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader closed the page, or the sandbox stops.
        }
    }
}
