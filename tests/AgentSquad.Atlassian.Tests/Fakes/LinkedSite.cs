using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.Atlassian.Tests.Fakes;

/// <summary>A ticket with sub-tasks, links and files, whose writes may lose their answer or land late.</summary>
public sealed class LinkedSite : FakeSite
{
    private readonly Lock _lock = new();
    private int _id = 20000;
    private int _lost;
    private int _late;
    private Action? _pending;

    public Dictionary<string, JsonNode?> Subtasks { get; } = [];

    public Dictionary<string, string> Summaries { get; } = [];

    public Dictionary<string, string> Links { get; } = [];

    public Dictionary<string, JsonNode> RemoteLinks { get; } = [];

    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Who made what has another author than the account, by its id.</summary>
    public Dictionary<string, string> Strangers { get; } = [];

    public void LoseAnswers(int lost, int late) => (_lost, _late) = (lost, late);

    protected override async Task AnswerAsync(HttpContext context, ReceivedRequest request)
    {
        if (request.Method == "POST" && Interlocked.Decrement(ref _late) >= 0)
        {
            // Lands while the second try is on its way.
            _pending = () => Write(request);
            context.Abort();
            return;
        }

        if (request.Method == "POST")
        {
            Interlocked.Exchange(ref _pending, null)?.Invoke();
            var answer = Write(request);
            if (Interlocked.Decrement(ref _lost) >= 0) context.Abort();
            else await WriteAsync(context, 201, answer);
            return;
        }

        await WriteAsync(context, request.Method == "DELETE" ? Delete(request.Path.Split('/')[^1]) : 200, request.Method == "DELETE" ? null : Read(request.Path));
    }

    private JsonNode Write(ReceivedRequest request)
    {
        lock (_lock)
        {
            var id = (_id++).ToString(CultureInfo.InvariantCulture);
            if (request.Path.EndsWith("/attachments", StringComparison.Ordinal))
            {
                Files[id] = "plan-982d9e3e.md";
                return new JsonArray(FileOf(id));
            }

            var body = JsonNode.Parse(request.Body)!;
            if (request.Path.EndsWith("/issueLink", StringComparison.Ordinal)) Links[id] = body["outwardIssue"]!["key"]!.GetValue<string>();
            else if (request.Path.EndsWith("/remotelink", StringComparison.Ordinal)) RemoteLinks[body["globalId"]!.GetValue<string>()] = body;
            else Subtasks[id] = body["properties"]![0]!["value"]!.DeepClone();
            return new JsonObject { ["id"] = id, ["key"] = $"TEST-{id}" };
        }
    }

    private int Delete(string id)
    {
        lock (_lock) return Subtasks.Remove(id) || Links.Remove(id) || Files.Remove(id) ? 204 : 404;
    }

    private JsonNode Read(string path)
    {
        lock (_lock)
        {
            if (path.EndsWith("/myself", StringComparison.Ordinal)) return PersonOf("bot");
            if (path.EndsWith("/remotelink", StringComparison.Ordinal)) return new JsonArray([.. RemoteLinks.Values.Select(link => link.DeepClone())]);
            if (path.Contains("/properties/", StringComparison.Ordinal)) return new JsonObject { ["value"] = Subtasks[path.Split('/')[5]]?.DeepClone() };
            return new JsonObject
            {
                ["fields"] = new JsonObject
                {
                    ["creator"] = PersonOf(AuthorOf(path.Split('/')[5])),
                    ["subtasks"] = new JsonArray([.. Subtasks.Keys.Select(id => new JsonObject
                    {
                        ["id"] = id, ["key"] = $"TEST-{id}", ["fields"] = new JsonObject { ["summary"] = Summaries.GetValueOrDefault(id, "Do it") },
                    })]),
                    ["issuelinks"] = new JsonArray([.. Links.Select(link => new JsonObject
                    {
                        ["id"] = link.Key,
                        ["type"] = new JsonObject { ["name"] = "Blocks" },
                        ["outwardIssue"] = new JsonObject { ["key"] = link.Value },
                    })]),
                    ["attachment"] = new JsonArray([.. Files.Keys.Select(FileOf)]),
                },
            };
        }
    }

    private JsonNode FileOf(string id) => new JsonObject { ["id"] = id, ["filename"] = Files[id], ["size"] = 4, ["created"] = "2026-01-02T03:04:05.000+0000", ["author"] = PersonOf(AuthorOf(id)) };

    private string AuthorOf(string id) => Strangers.GetValueOrDefault(id, "bot");

    private static JsonObject PersonOf(string id) => new() { ["accountId"] = id, ["displayName"] = id };
}
