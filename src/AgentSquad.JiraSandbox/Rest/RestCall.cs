using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Site;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Rest;

/// <summary>One REST request: who calls, what the body says, how answers have to look.</summary>
internal sealed class RestCall
{
    private const string CallerKey = "caller";

    private readonly JsonNode? _body;
    private readonly bool _malformed;

    private RestCall(HttpContext http, View view, JsonNode? body, bool malformed)
    {
        Http = http;
        View = view;
        _body = body;
        _malformed = malformed;
    }

    /// <summary>The request.</summary>
    public HttpContext Http { get; }

    /// <summary>How the caller sees the site.</summary>
    public View View { get; }

    /// <summary>The site.</summary>
    public SiteModel Site => View.Site;

    /// <summary>The account that calls.</summary>
    public SiteUser Caller => CallerOf(Http, Site) ?? throw new JiraRefusal("Client must be authenticated to access this resource.") { Status = 401 };

    /// <summary>The body as an object.</summary>
    public JsonObject Body => AnyBody as JsonObject ?? throw new JiraRefusal("Invalid request payload. Refer to the REST API documentation and try again.");

    /// <summary>The body as any JSON value.</summary>
    public JsonNode? AnyBody => _malformed
        ? throw new JiraRefusal("There was an error parsing JSON. Check that your request body is valid.")
        : _body;

    /// <summary>Operations on the site on behalf of the caller.</summary>
    public SiteActions Actions => field ??= Http.RequestServices.GetRequiredService<SiteActionsFactory>().For(View, Caller);

    /// <summary>A query parameter, or null.</summary>
    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A number in the query.</summary>
    public int Query(string name, int otherwise, int least, int most) =>
        int.TryParse(Query(name), out var number) ? Math.Clamp(number, least, most) : otherwise;

    /// <summary>Values of a comma-separated query parameter.</summary>
    public HashSet<string> QueryList(string name) =>
        [.. (Query(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Remembers who calls.</summary>
    public static void SetCaller(HttpContext http, SiteUser user) => http.Items[CallerKey] = user.AccountId;

    /// <summary>Account id of the caller, or null when nobody logged in.</summary>
    public static string? CallerId(HttpContext http) => http.Items[CallerKey] as string;

    /// <summary>Reads the request; the framework calls it.</summary>
    public static async ValueTask<RestCall?> BindAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptions<SandboxOptions>>().Value;
        var version = context.Request.Path.StartsWithSegments("/rest/api/3", StringComparison.Ordinal) ? 3 : 2;
        var view = new View(
            services.GetRequiredService<SiteStore>().Site, services.GetRequiredService<SiteAddress>().BaseUrl, version, options.Deployment);
        if (context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true) return new RestCall(context, view, null, malformed: false);
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, CancellationToken.None);
        if (buffer.Length == 0) return new RestCall(context, view, null, malformed: false);
        try
        {
            return new RestCall(context, view, JsonNode.Parse(buffer.ToArray(), documentOptions: new JsonDocumentOptions { MaxDepth = 128 }), malformed: false);
        }
        catch (JsonException)
        {
            return new RestCall(context, view, null, malformed: true);
        }
    }

    private static SiteUser? CallerOf(HttpContext http, SiteModel site) =>
        CallerId(http) is { } id ? site.Users.Find(user => user.AccountId == id) : null;
}
