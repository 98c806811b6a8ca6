using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.Atlassian.Tests.Jira;

/// <summary>A text over Jira's 32,767 characters that one field has to hold: its beginning shows, the whole of it is attached, once.</summary>
public sealed class LongTextTests : IAsyncDisposable
{
    private static readonly string Text = string.Join("\n\n", Enumerable.Range(0, 2_000).Select(number => $"Paragraph {number} with some words."));

    private readonly Files _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task CreateTicket_LongDescription_ShowsTheBeginningAndAttachesAll(string deployment)
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", deployment));

        await jira.Get<IJiraSite>().CreateTicketAsync(new TicketDraft("TEST", "Task", "s") { Description = Text }, default);

        AssertShown(_site.Sent("/issue")["fields"]!["description"]!, "description-");
    }

    [Fact]
    public async Task UpdateTicket_LongDescriptionTwice_AttachesOnce()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        for (var i = 0; i < 2; i++) await jira.Get<IJiraSite>().UpdateTicketAsync("1", new TicketEdit { Description = Text }, default);

        AssertShown(_site.Sent("/issue/1")["fields"]!["description"]!, "description-");
    }

    [Fact]
    public async Task UpdateTicket_LongSummary_KeepsTheWholeLineInTheDescription()
    {
        var line = string.Join(' ', Enumerable.Range(0, 80).Select(number => $"word{number}"));
        _site.Description = JsonNode.Parse("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"before"}]}]}""");
        await using var jira = new JiraUnderTest(_site.Address);

        await jira.Get<IJiraSite>().UpdateTicketAsync("1", new TicketEdit { Summary = line }, default);

        var fields = _site.Sent("/issue/1")["fields"]!;
        Assert.Equal(255, fields["summary"]!.GetValue<string>().Length);
        Assert.Contains("word79", fields["description"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("before", fields["description"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAndUpdateComment_LongText_ShowTheBeginningAndAttachAll()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        await jira.Client.AddCommentAsync("1", new CommentDraft(Text), default);
        AssertShown(_site.Sent("/issue/1/comment")["body"]!, "comment-");
        await jira.Client.UpdateCommentAsync("1", "5", new CommentDraft(Text), default);
        AssertShown(_site.Sent("/issue/1/comment/5")["body"]!, "comment-");
    }

    [Theory]
    [InlineData("Cloud", false)]
    [InlineData("DataCenter", false)]
    [InlineData("Cloud", true)]
    public async Task AddComment_LongTextForAFew_GoesOnInFurtherCommentsForTheSameFew(string deployment, bool isInternal)
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", deployment));
        var draft = new CommentDraft(Text, new CommentEffect("k", "run", "reply"), isInternal ? null : new CommentVisibility("role", "Developers")) { IsInternal = isInternal };

        await jira.Client.AddCommentAsync("1", draft, default);

        Assert.Empty(_site.Attached);
        var written = _site.Comments("POST");
        Assert.InRange(written.Count, 2, 20);
        Assert.Equal(Enumerable.Range(1, written.Count).Select(part => part == 1 ? "k" : $"k#part-{part}"), written.Select(KeyOf));
        Assert.All(written, comment => Assert.Equal(isInternal ? null : "Developers", (string?)comment["visibility"]?["value"]));
        Assert.All(written, comment => Assert.Equal(isInternal, comment["properties"]!.AsArray().Any(property => (string?)property!["key"] == "sd.public.comment")));
        var all = string.Concat(written.Select(comment => comment["body"]!.ToString()));
        Assert.All(Enumerable.Range(0, 2_000), number => Assert.Contains($"Paragraph {number} with", all, StringComparison.Ordinal));
        Assert.All(written, comment => Assert.InRange((comment["body"] is JsonValue markup ? markup.GetValue<string>() : comment["body"]!.ToJsonString()).Length, 1, 32_767));
    }

    [Fact]
    public async Task UpdateComment_LongTextForAFew_EditsThePartsThatAreThereAndAddsTheOthers()
    {
        var effect = new CommentEffect("k", "run", "reply");
        _site.Present = new JsonArray(
            Comment("6", effect with { Key = "k#part-2" }, author: "mallory"), Comment("7", effect with { Key = "k#part-2" }), Comment("8", effect with { Key = "k#part-3", Instance = "another run" }));
        await using var jira = new JiraUnderTest(_site.Address);

        await jira.Client.UpdateCommentAsync("1", "5", new CommentDraft(Text, effect, new CommentVisibility("role", "Developers")), default);

        Assert.Empty(_site.Attached);
        Assert.Equal(["k", "k#part-2"], _site.Comments("PUT").Select(KeyOf));
        Assert.Equal(["/comment/5", "/comment/7"], _site.Requests.Where(request => request.Method == "PUT").Select(request => request.Path[request.Path.IndexOf("/comment", StringComparison.Ordinal)..]));
        Assert.Equal("k#part-3", KeyOf(_site.Comments("POST")[0]));
    }

    private static JsonObject Comment(string id, CommentEffect effect, string author = "bot") => new()
    {
        ["id"] = id,
        ["author"] = new JsonObject { ["accountId"] = author },
        ["properties"] = new JsonArray(new JsonObject
        {
            ["key"] = "agentsquad", ["value"] = new JsonObject { ["key"] = effect.Key, ["instance"] = effect.Instance, ["kind"] = effect.Kind },
        }),
    };

    private static string? KeyOf(JsonNode comment) => (string?)comment["properties"]![0]!["value"]!["key"];

    private void AssertShown(JsonNode shown, string prefix)
    {
        var (name, content) = Assert.Single(_site.Attached);
        Assert.Equal(Text, content);
        Assert.StartsWith(prefix, name, StringComparison.Ordinal);
        var json = shown is JsonValue value ? value.GetValue<string>() : shown.ToJsonString();
        Assert.InRange(json.Length, 10_000, 32_767);
        Assert.Contains("Paragraph 0 with", json, StringComparison.Ordinal);
        Assert.Contains(name.Split('-')[1], json, StringComparison.Ordinal);
    }

    private sealed class Files : FakeSite
    {
        public Dictionary<string, string> Attached { get; } = [];

        public JsonNode? Description { get; set; }

        public JsonArray Present { get; set; } = [];

        public IReadOnlyList<JsonNode> Comments(string method) =>
            [.. Requests.Where(request => request.Method == method && request.Path.Contains("/comment", StringComparison.Ordinal)).Select(request => JsonNode.Parse(request.Body)!)];

        public JsonNode Sent(string path) =>
            JsonNode.Parse(Requests.Last(request => request.Method is "POST" or "PUT" && request.Path.EndsWith(path, StringComparison.Ordinal)).Body)!;

        protected override async Task AnswerAsync(HttpContext context, ReceivedRequest request)
        {
            if (request.Path.EndsWith("/attachments", StringComparison.Ordinal))
            {
                // The parts of a form with one file: headers, an empty line, the content, the closing boundary.
                var boundary = request.Body[..request.Body.IndexOf("\r\n", StringComparison.Ordinal)];
                var start = request.Body.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
                var content = request.Body[start..request.Body.LastIndexOf("\r\n" + boundary, StringComparison.Ordinal)];
                var name = request.Body.Split("filename=")[1].Split([';', '\r'])[0].Trim('"');
                Assert.True(Attached.TryAdd(name, content), $"{name} was attached twice.");
                await WriteAsync(context, 200, new JsonArray(new JsonObject { ["id"] = "3", ["filename"] = name }));
                return;
            }

            await WriteAsync(context, 200, new JsonObject
            {
                ["id"] = "1",
                ["key"] = "TEST-1",
                ["comments"] = Present.DeepClone(),
                ["total"] = Present.Count,
                ["accountId"] = "bot",
                ["fields"] = new JsonObject
                {
                    ["description"] = Description?.DeepClone(),
                    ["attachment"] = new JsonArray([.. Attached.Keys.Select(name => new JsonObject
                    {
                        ["id"] = "3", ["filename"] = name, ["author"] = new JsonObject { ["accountId"] = "bot" },
                    })]),
                },
            });
        }
    }
}
