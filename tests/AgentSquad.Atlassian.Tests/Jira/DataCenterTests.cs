using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class DataCenterTests : IAsyncDisposable
{
    private readonly FakeJira _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Requests_PersonalAccessToken_UseVersion2AndWikiMarkup()
    {
        _site.Description = JsonValue.Create("h2. Steps\n\n* open");
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", "DataCenter"), ("Jira:Email", ""));

        var ticket = await jira.Client.GetTicketAsync("10001", default);
        var comment = await jira.Client.AddCommentAsync(
            "10001", new CommentDraft("## Done\n\nfor [@rita](accountid:rita)", new CommentEffect("k", "i", "delivery")), default);

        Assert.Equal("## Steps\n\n- open", ticket.Description);
        Assert.Equal("## Done\n\nfor [@rita](accountid:rita)", comment.Text);
        Assert.Equal("h2. Done\n\nfor [~rita]", _site.Comments[0]["body"]!.GetValue<string>());
        Assert.All(_site.Requests, request =>
        {
            Assert.StartsWith("/rest/api/2/", request.Path, StringComparison.Ordinal);
            Assert.Equal($"Bearer {JiraUnderTest.Token}", request.Authorization);
        });
    }

    [Fact]
    public async Task Requests_UserNameAndPassword_UseBasic()
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", "DataCenter"), ("Jira:Email", "bot"));

        await jira.Client.GetMyselfAsync(default);

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"bot:{JiraUnderTest.Token}")), Assert.Single(_site.Requests).Authorization);
    }

    [Fact]
    public async Task EnsureStatus_FieldsOnTheTransitionsScreen_IsNotPossible()
    {
        _site.ScreenTransitions.Add("Done");
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", "DataCenter"));

        Assert.Equal(TransitionOutcome.NotPossible, await jira.Effects.EnsureStatusAsync("10001", "Done", default));
        Assert.Equal(TransitionOutcome.Moved, await jira.Effects.EnsureStatusAsync("10001", "In Review", default));
        Assert.Equal(1, _site.Moves);
    }

    [Fact]
    public async Task EnsureComment_OnDataCenter_ShowsOnceAndSplitsByTheLengthOfTheMarkup()
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", "DataCenter"), ("Jira:LateWriteWait", "00:00:00.2"));
        _site.Intercept = _site.DropAfter("POST", "/comment", 1);
        var text = string.Join("\n\n", Enumerable.Range(0, 700).Select(number => $"Paragraph {number} with enough words in it to fill a line."));

        await jira.Effects.EnsureCommentAsync("10001", new CommentDraft(text, new CommentEffect("k", "i", "delivery")), null, default);

        Assert.Equal(2, _site.Comments.Count);
        Assert.All(_site.Comments, comment => Assert.InRange(comment["body"]!.GetValue<string>().Length, 1, 32_767));
    }
}
