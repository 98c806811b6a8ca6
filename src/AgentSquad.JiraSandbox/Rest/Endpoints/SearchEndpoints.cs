using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Search by JQL: with page tokens on Cloud, with offsets on Data Center. The old search is gone from Cloud.</summary>
internal static class SearchEndpoints
{
    /// <summary>Maps the search resources.</summary>
    public static void MapSearch(this RouteGroupBuilder group, bool cloud)
    {
        if (cloud)
        {
            group.MapGet("/search/jql", (RestCall call) => Answers.Json(ByToken(call)));
            group.MapPost("/search/jql", (RestCall call) => Answers.Json(ByToken(call)));
            group.MapMethods("/search", ["GET", "POST"], IResult (RestCall call) =>
                throw new JiraRefusal("The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046") { Status = StatusCodes.Status410Gone });
        }
        else
        {
            group.MapMethods("/search", ["GET", "POST"], (RestCall call) => Answers.Json(ByOffset(call)));
        }
    }

    private static JsonObject ByToken(RestCall call)
    {
        var (jql, fields, expand) = Ask(call);
        if (!jql.IsBounded) throw new JiraRefusal("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
        var found = Find(call, jql);
        var start = Start(Parameter(call, "nextPageToken"));
        var size = Size(call, 50);
        var page = found.Skip(start).Take(size).ToList();
        var last = start + page.Count >= found.Count;

        // The new search gives only ids unless fields are named.
        var wanted = fields.Count == 0 ? new HashSet<string> { "id" } : fields;
        var body = new JsonObject
        {
            ["isLast"] = last,
            ["issues"] = new JsonArray([.. page.Select(issue => Shape(call, issue, wanted, expand, fields.Count == 0))]),
        };
        if (!last) body["nextPageToken"] = Convert.ToBase64String(Encoding.ASCII.GetBytes($"sandbox:{start + page.Count}"));
        return body;
    }

    private static JsonObject ByOffset(RestCall call)
    {
        var (jql, fields, expand) = Ask(call);
        var found = Find(call, jql);
        var start = Number(Parameter(call, "startAt"), 0);
        var size = Size(call, 50);
        var wanted = fields.Count == 0 ? new HashSet<string> { "*navigable" } : fields;
        return new JsonObject
        {
            ["expand"] = "schema,names",
            ["startAt"] = start,
            ["maxResults"] = size,
            ["total"] = found.Count,
            ["issues"] = new JsonArray([.. found.Skip(start).Take(size).Select(issue => IssueEndpoints.Read(call, issue, wanted, expand))]),
        };
    }

    private static JsonObject Shape(RestCall call, SiteIssue issue, IReadOnlySet<string> fields, IReadOnlySet<string> expand, bool idOnly)
    {
        var shape = IssueEndpoints.Read(call, issue, fields, expand);
        return idOnly ? new JsonObject { ["id"] = issue.Id } : shape;
    }

    private static List<SiteIssue> Find(RestCall call, Jql jql)
    {
        var lag = call.Http.RequestServices.GetRequiredService<IOptions<SandboxOptions>>().Value.SearchLagMilliseconds;
        var border = call.Http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().AddMilliseconds(-lag);
        return jql.Run(call.Site, call.Caller).FindAll(issue => lag == 0 || issue.Updated <= border);
    }

    private static (Jql Jql, HashSet<string> Fields, HashSet<string> Expand) Ask(RestCall call)
    {
        if (HttpMethods.IsGet(call.Http.Request.Method)) return (Jql.Parse(call.Query("jql") ?? ""), call.QueryList("fields"), call.QueryList("expand"));
        var body = call.Body;
        return (Jql.Parse(AdfText.String(body["jql"]) ?? ""), Names(body["fields"]), Names(body["expand"]));
    }

    private static HashSet<string> Names(JsonNode? node) => node is JsonArray array
        ? [.. array.Select(AdfText.String).OfType<string>()]
        : [.. (AdfText.String(node) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static string? Parameter(RestCall call, string name) =>
        HttpMethods.IsGet(call.Http.Request.Method) ? call.Query(name) : AdfText.String(call.Body[name]);

    private static int Size(RestCall call, int otherwise) => Math.Clamp(Number(Parameter(call, "maxResults"), otherwise), 1, 5000);

    private static int Number(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static int Start(string? token)
    {
        if (string.IsNullOrEmpty(token)) return 0;
        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is var text && text.StartsWith("sandbox:", StringComparison.Ordinal)
            && int.TryParse(text[8..], out var start))
            return start;
        throw new JiraRefusal("The provided next page token is invalid or expired.");
    }
}
