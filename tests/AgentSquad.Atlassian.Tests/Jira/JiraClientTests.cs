using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class JiraClientTests : IAsyncDisposable
{
    private readonly FakeJira _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task GetTicket_CloudTicket_ReadsEveryPart()
    {
        _site.Description = JsonNode.Parse("""
            {"type":"doc","version":1,"content":[{"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Steps"}]},
             {"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"open"}]}]}]}]}
            """);
        await using var jira = new JiraUnderTest(_site.Address + "/");

        var ticket = await jira.Client.GetTicketAsync("10001", default);

        Assert.Equivalent(
            new Ticket
            {
                Site = _site.Address,
                Id = "10001",
                Key = "TEST-1",
                ProjectKey = "TEST",
                IssueType = "Bug",
                Summary = "Log-in fails",
                Description = "## Steps\n\n- open",
                Status = new TicketStatus("10000", "To Do", StatusCategory.ToDo),
                Labels = ["agentsquad", "web"],
                Components = ["login"],
                Priority = "High",
                Reporter = new Person("rita", "Rita"),
                SecurityLevel = "Staff only",
                Updated = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1)),
            },
            ticket,
            strict: true);
        var request = Assert.Single(_site.Requests);
        Assert.Equal("/rest/api/3/issue/10001", request.Path);
        Assert.Contains("fields=summary%2Cdescription", request.Query, StringComparison.Ordinal);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"bot@example.invalid:{JiraUnderTest.Token}")), request.Authorization);
    }

    [Fact]
    public async Task GetTicket_ScopedToken_GoesThroughTheGateway()
    {
        await using var jira = new JiraUnderTest("https://acme.atlassian.net", ("Jira:CloudId", "11-22"), ("Jira:GatewayUrl", _site.Address));

        var ticket = await jira.Client.GetTicketAsync("10001", default);

        Assert.Equal("https://acme.atlassian.net", ticket.Site);
        Assert.Equal("/ex/jira/11-22/rest/api/3/issue/10001", Assert.Single(_site.Requests).Path);
    }

    [Fact]
    public async Task GetComments_SeveralPages_ReadsAllWithTheirMarkers()
    {
        await using var jira = new JiraUnderTest(_site.Address);
        var effect = new CommentEffect("status", "jira-1", "status");
        _site.PageSize = 2;
        await jira.Client.AddCommentAsync("10001", new CommentDraft("one **bold**", effect, new CommentVisibility("role", "Developers")), default);
        for (var i = 0; i < 4; i++) await jira.Client.AddCommentAsync("10001", new CommentDraft($"text {i}"), default);

        var comments = await jira.Client.GetCommentsAsync("10001", default);

        Assert.Equal(["one **bold**", "text 0", "text 1", "text 2", "text 3"], comments.Select(comment => comment.Text));
        Assert.Equal(effect, comments[0].Effect);
        Assert.Equal(new CommentVisibility("role", "Developers"), comments[0].Visibility);
        Assert.Null(comments[1].Effect);
        Assert.Equal(3, _site.Count("GET"));
    }

    [Fact]
    public async Task UpdateComment_OnCloud_NotifiesNobody()
    {
        await using var jira = new JiraUnderTest(_site.Address);
        var comment = await jira.Client.AddCommentAsync("10001", new CommentDraft("one"), default);

        await jira.Client.UpdateCommentAsync("10001", comment.Id, new CommentDraft("two"), default);

        Assert.Equal("two", (await jira.Client.GetCommentAsync("10001", comment.Id, default))?.Text);
        Assert.Equal("?notifyUsers=false", _site.Requests.Single(request => request.Method == "PUT").Query);
    }

    [Fact]
    public async Task DeleteComment_GoneAlready_IsFine()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        await jira.Client.DeleteCommentAsync("10001", "999", default);

        Assert.Null(await jira.Client.GetCommentAsync("10001", "999", default));
    }

    [Fact]
    public async Task GetMyself_AppAccount_IsAnApp()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        Assert.Equal(new Person("bot", "Bot", IsApp: true), await jira.Client.GetMyselfAsync(default));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("")]
    public async Task GetTicket_IdThatWouldChangeThePath_IsNeverSent(string id)
    {
        await using var jira = new JiraUnderTest(_site.Address);

        await Assert.ThrowsAsync<ArgumentException>(() => jira.Client.GetTicketAsync(id, default));
        Assert.Empty(_site.Requests);
    }

    [Fact]
    public async Task GetTicket_IdWithSlashes_StaysOneSegment()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("../../admin?x=1", default));

        // Its 404 is followed by the question whether the login is good.
        Assert.Equal(2, _site.Requests.Count);
        Assert.StartsWith("/rest/api/3/issue/", _site.Requests.First().Path, StringComparison.Ordinal);
    }
}
