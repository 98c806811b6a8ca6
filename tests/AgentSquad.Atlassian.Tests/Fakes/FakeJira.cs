using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.Atlassian.Tests.Fakes;

/// <summary>One ticket, 10001 / TEST-1, with comments and a workflow: enough of Jira to see what a reader of the ticket would see.</summary>
public sealed partial class FakeJira : FakeSite
{
    private readonly Lock _lock = new();
    private int _nextId = 500;

    public List<JsonObject> Comments { get; } = [];

    public string Status { get; set; } = "To Do";

    public int Moves { get; private set; }

    public int PageSize { get; set; } = 100;

    public HashSet<string> ScreenTransitions { get; } = [];

    public HashSet<string> MissingTransitions { get; } = [];

    public static IReadOnlyDictionary<string, string> Workflow { get; } = new Dictionary<string, string>
    {
        ["To Do"] = "new", ["In Progress"] = "indeterminate", ["In Review"] = "indeterminate", ["Done"] = "done",
    };

    public JsonNode? Description { get; set; }

    /// <summary>Whether people are named as Cloud does, by account id, or as Data Center does, by name and key.</summary>
    public bool NamesByAccountId { get; init; } = true;

    /// <summary>Adds a comment as the site stores it.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="author">Who wrote it; the credentials belong to <c>bot</c>.</param>
    public JsonObject Store(JsonObject body, string author = "bot")
    {
        lock (_lock)
        {
            var id = _nextId++;
            var comment = new JsonObject
            {
                ["id"] = id.ToString(CultureInfo.InvariantCulture),
                ["author"] = PersonOf(author),
                ["body"] = body["body"]?.DeepClone(),
                ["properties"] = body["properties"]?.DeepClone() ?? new JsonArray(),
                ["visibility"] = body["visibility"]?.DeepClone(),
                ["created"] = $"2026-01-02T03:04:05.{id % 1000:000}+0000",
                ["updated"] = "2026-01-02T03:04:06.000+0000",
            };
            Comments.Add(comment);
            return comment;
        }
    }

    protected override async Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        var route = ApiPath().Match(request.Path).Groups["rest"].Value;
        var comment = CommentPath().Match(route).Groups["id"].Value;
        var (status, body) = (request.Method, route) switch
        {
            ("GET", "/myself") => (200, PersonOf("bot")),
            ("GET", "/issue/10001") => (200, Issue()),
            ("GET", "/issue/10001/comment") => (200, Page(context)),
            ("POST", "/issue/10001/comment") => (201, (JsonObject)Store(Parse(request)).DeepClone()),
            ("GET", "/issue/10001/transitions") => (200, Transitions(request.Path.Contains("/api/3/", StringComparison.Ordinal))),
            ("POST", "/issue/10001/transitions") => Move(Parse(request)),
            ("GET", _) when comment.Length > 0 => Find(comment) is { } found ? (200, (JsonObject)found.DeepClone()) : (404, Error("Comment not found")),
            ("PUT", _) when comment.Length > 0 => Edit(comment, Parse(request)),
            ("DELETE", _) when comment.Length > 0 => Delete(comment),
            _ => (404, Error("Issue does not exist or you do not have permission to see it.")),
        };
        await WriteAsync(context, status, status == 204 ? null : body);
    }

    /// <summary>Lets a write happen and then loses the connection, so that the client never hears of it.</summary>
    public Func<HttpContext, ReceivedRequest, Task<bool>> DropAfter(string method, string ending, int times)
    {
        var left = times;
        return async (context, request) =>
        {
            if (request.Method != method || !request.Path.EndsWith(ending, StringComparison.Ordinal) || Interlocked.Decrement(ref left) < 0) return false;
            await AnswerAsync(new DefaultHttpContext(), request);
            context.Abort();
            return true;
        };
    }

    public static JsonObject Parse(ReceivedRequest request) => JsonNode.Parse(request.Body)!.AsObject();

    public static JsonObject Error(string message) => new() { ["errorMessages"] = new JsonArray(message), ["errors"] = new JsonObject() };

    private JsonObject PersonOf(string id) => NamesByAccountId
        ? new JsonObject { ["accountId"] = id, ["displayName"] = NameOf(id), ["accountType"] = id == "bot" ? "app" : "atlassian" }
        : new JsonObject { ["name"] = id, ["key"] = $"JIRAUSER-{id.Length}", ["displayName"] = NameOf(id) };

    private static string NameOf(string id) => char.ToUpperInvariant(id[0]) + id[1..];

    private JsonObject Issue() => new()
    {
        ["id"] = "10001",
        ["key"] = "TEST-1",
        ["self"] = "http://elsewhere.example/rest/api/3/issue/10001",
        ["fields"] = new JsonObject
        {
            ["summary"] = "Log-in fails",
            ["description"] = Description?.DeepClone(),
            ["status"] = StatusOf(Status),
            ["issuetype"] = new JsonObject { ["name"] = "Bug" },
            ["project"] = new JsonObject { ["key"] = "TEST" },
            ["labels"] = new JsonArray("agentsquad", "web"),
            ["components"] = new JsonArray(new JsonObject { ["name"] = "login" }),
            ["priority"] = new JsonObject { ["name"] = "High" },
            ["reporter"] = new JsonObject { ["accountId"] = "rita", ["displayName"] = "Rita", ["accountType"] = "atlassian" },
            ["assignee"] = null,
            ["security"] = new JsonObject { ["name"] = "Staff only" },
            ["updated"] = "2026-01-02T03:04:05.678+0100",
        },
    };

    private static JsonObject StatusOf(string name) => new()
    {
        ["id"] = (10000 + Workflow.Keys.ToList().IndexOf(name)).ToString(CultureInfo.InvariantCulture),
        ["name"] = name,
        ["statusCategory"] = new JsonObject { ["key"] = Workflow[name] },
    };

    private JsonObject Page(HttpContext context)
    {
        lock (_lock)
        {
            var startAt = int.TryParse(context.Request.Query["startAt"], out var start) ? start : 0;
            var items = Comments.Skip(startAt).Take(PageSize).Select(comment => comment.DeepClone()).ToArray();
            return new JsonObject { ["startAt"] = startAt, ["maxResults"] = PageSize, ["total"] = Comments.Count, ["comments"] = new JsonArray(items) };
        }
    }

    private JsonObject Transitions(bool isCloud) => new()
    {
        ["transitions"] = new JsonArray([.. Workflow.Keys.Where(name => !MissingTransitions.Contains(name)).Select((name, index) => new JsonObject
        {
            ["id"] = (11 + Workflow.Keys.ToList().IndexOf(name)).ToString(CultureInfo.InvariantCulture),
            ["name"] = $"Go to {name}",
            ["to"] = StatusOf(name),
            [isCloud ? "hasScreen" : "unnamed"] = ScreenTransitions.Contains(name),
            ["isAvailable"] = true,
            [isCloud ? "unnamed" : "fields"] = ScreenTransitions.Contains(name) ? new JsonObject { ["resolution"] = new JsonObject() } : new JsonObject(),
        })]),
    };

    private (int Status, JsonObject Body) Move(JsonObject body)
    {
        Status = Workflow.Keys.ElementAt(int.Parse(body["transition"]!["id"]!.GetValue<string>(), CultureInfo.InvariantCulture) - 11);
        Moves++;
        return (204, []);
    }

    private JsonObject? Find(string id)
    {
        lock (_lock) return Comments.Find(comment => comment["id"]!.GetValue<string>() == id);
    }

    private (int Status, JsonObject Body) Edit(string id, JsonObject body)
    {
        if (Find(id) is not { } comment) return (404, Error("Comment not found"));
        comment["body"] = body["body"]?.DeepClone();
        if (body["properties"] is { } properties) comment["properties"] = properties.DeepClone();
        return (200, (JsonObject)comment.DeepClone());
    }

    private (int Status, JsonObject Body) Delete(string id)
    {
        lock (_lock) return Comments.RemoveAll(comment => comment["id"]!.GetValue<string>() == id) > 0 ? (204, []) : (404, Error("Comment not found"));
    }

    [GeneratedRegex("^(/ex/jira/[^/]+)?/rest/api/[23](?<rest>/.*)$")]
    private static partial Regex ApiPath();

    [GeneratedRegex("^/issue/10001/comment/(?<id>[0-9]+)$")]
    private static partial Regex CommentPath();
}
