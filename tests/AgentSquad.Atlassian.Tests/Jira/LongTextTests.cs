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

    [Fact]
    public async Task AddComment_LongTextForAFew_IsNotAttachedForAll()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() =>
            jira.Client.AddCommentAsync("1", new CommentDraft(Text, Visibility: new CommentVisibility("role", "Developers")), default));

        Assert.Equal(JiraFailure.TooLarge, error.Failure);
        Assert.Empty(_site.Attached);
    }

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
                ["fields"] = new JsonObject
                {
                    ["description"] = Description?.DeepClone(),
                    ["attachment"] = new JsonArray([.. Attached.Keys.Select(name => new JsonObject { ["id"] = "3", ["filename"] = name })]),
                },
            });
        }
    }
}
