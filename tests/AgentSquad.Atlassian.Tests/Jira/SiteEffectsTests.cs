using System.Globalization;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.Core.Tickets;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class SiteEffectsTests : IAsyncDisposable
{
    private readonly LinkedSite _site = new();
    private readonly JiraUnderTest _jira;

    public SiteEffectsTests() => _jira = new JiraUnderTest(_site.Address, ("Jira:LateWriteWait", "00:00:00.2"), ("Jira:ReadRetries", "1"));

    private ISiteEffects Effects => _jira.Get<ISiteEffects>();

    public async ValueTask DisposeAsync()
    {
        await _jira.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public async Task EveryEffect_LostAnswerOrLateWrite_ShowsOnce(int lost, int late)
    {
        for (var round = 0; round < 2; round++)
        {
            _site.LoseAnswers(lost, late);
            await Effects.EnsureSubtaskAsync(
                "10001", new TicketDraft("TEST", "Sub-task", "Do it") { ParentKey = "TEST-1" }, new CommentEffect("task-1", "jira-1", "task"), default);
            _site.LoseAnswers(lost, late);
            await Effects.EnsureLinkAsync("Blocks", "TEST-1", "TEST-2", default);
            _site.LoseAnswers(lost, late);
            await Effects.EnsureRemoteLinkAsync("10001", new RemoteLink("app=squad", "https://x.example/run", "Run"), default);
            _site.LoseAnswers(lost, late);
            var file = await Effects.EnsureAttachmentAsync("10001", "plan.md", "text"u8.ToArray(), default);
            Assert.Equal("plan-982d9e3e.md", file.FileName);
        }

        Assert.Equal((1, 1, 1, 1), (_site.Subtasks.Count, _site.Links.Count, _site.RemoteLinks.Count, _site.Files.Count));
    }

    [Fact]
    public async Task EnsureStatus_OverrideThenNameThenCategory_TakesTheFirstThatLeadsAnywhere()
    {
        await using var site = new FakeJira();
        await using var jira = new JiraUnderTest(site.Address);
        var effects = jira.Get<ISiteEffects>();

        Assert.Equal(TransitionOutcome.Moved, await effects.EnsureStatusAsync("10001", new StatusTarget("Nowhere") { Transition = "go to in progress" }, default));
        Assert.Equal("In Progress", site.Status);
        Assert.Equal(TransitionOutcome.NotPossible, await effects.EnsureStatusAsync("10001", new StatusTarget("Nowhere"), default));
        Assert.Equal(TransitionOutcome.NotPossible, await effects.EnsureStatusAsync("10001", new StatusTarget("Nowhere") { Category = StatusCategory.InProgress }, default));
        Assert.Equal(TransitionOutcome.Moved, await effects.EnsureStatusAsync("10001", new StatusTarget("Nowhere") { Category = StatusCategory.Done }, default));
        Assert.Equal("Done", site.Status);
    }

    /// <summary>A ticket with sub-tasks, links and files, whose writes may lose their answer or land late.</summary>
    private sealed class LinkedSite : FakeSite
    {
        private readonly Lock _lock = new();
        private int _id = 20000;
        private int _lost;
        private int _late;
        private Action? _pending;

        public Dictionary<string, JsonNode?> Subtasks { get; } = [];

        public Dictionary<string, string> Links { get; } = [];

        public Dictionary<string, JsonNode> RemoteLinks { get; } = [];

        public Dictionary<string, string> Files { get; } = [];

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
                if (path.EndsWith("/remotelink", StringComparison.Ordinal)) return new JsonArray([.. RemoteLinks.Values.Select(link => link.DeepClone())]);
                if (path.Contains("/properties/", StringComparison.Ordinal)) return new JsonObject { ["value"] = Subtasks[path.Split('/')[5]]?.DeepClone() };
                return new JsonObject
                {
                    ["fields"] = new JsonObject
                    {
                        ["subtasks"] = new JsonArray([.. Subtasks.Keys.Select(id => new JsonObject { ["id"] = id, ["key"] = $"TEST-{id}" })]),
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

        private JsonNode FileOf(string id) => new JsonObject { ["id"] = id, ["filename"] = Files[id], ["size"] = 4, ["created"] = "2026-01-02T03:04:05.000+0000" };
    }
}
