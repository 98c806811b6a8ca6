using System.Text.Json;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class TicketEffectsTests : IAsyncDisposable
{
    private static readonly CommentEffect Effect = new("delivery", "jira-1", "delivery");

    private readonly FakeJira _site = new();
    private readonly JiraUnderTest _jira;

    public TicketEffectsTests() => _jira = new JiraUnderTest(_site.Address, ("Jira:LateWriteWait", "00:00:00.2"), ("Jira:ReadRetries", "1"));

    private List<string> Texts => [.. _site.Comments.Select(comment => AdfMarkdown.ToMarkdown(JsonSerializer.SerializeToElement(comment["body"])))];

    public async ValueTask DisposeAsync()
    {
        await _jira.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task EnsureComment_AskedTwice_IsThereOnceWithTheLatestText()
    {
        var first = await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("one", Effect), null, default);
        var second = await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("two", Effect), null, default);

        Assert.Equal(first, second);
        Assert.Equal(["two"], Texts);
    }

    [Fact]
    public async Task EnsureComment_SameTextAgain_WritesNothing()
    {
        await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("Same **text**", Effect), null, default);
        await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("Same **text**", Effect), null, default);

        Assert.Equal((1, 0), (_site.Count("POST"), _site.Count("PUT")));
    }

    [Fact]
    public async Task EnsureComment_KnownId_EditsWithoutLooking()
    {
        var id = await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("one", Effect), null, default);
        var reads = _site.Count("GET");

        Assert.Equal(id, await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("two", Effect), id, default));
        Assert.Equal(reads, _site.Count("GET"));
        Assert.Equal(["two"], Texts);
    }

    [Fact]
    public async Task EnsureComment_KnownButDeleted_WritesItAgain()
    {
        var id = await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("one", Effect), null, default);
        _site.Comments.Clear();

        Assert.NotEqual(id, await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("one", Effect), id, default));
        Assert.Equal(["one"], Texts);
    }

    [Fact]
    public async Task EnsureComment_ConnectionLostAfterTheWrite_IsThereOnce()
    {
        _site.Intercept = _site.DropAfter("POST", "/comment", 2);

        var id = await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default);

        Assert.Equal(id, Assert.Single(_site.Comments)["id"]!.GetValue<string>());
        Assert.Equal(1, _site.Count("POST"));
    }

    [Fact]
    public async Task EnsureComment_WriteLandsLate_IsThereOnceInTheEnd()
    {
        ReceivedRequest? late = null;
        _site.Intercept = (context, request) =>
        {
            if (request.Method != "POST") return Task.FromResult(false);
            if (late is null)
            {
                late = request;
                context.Abort();
                return Task.FromResult(true);
            }

            // The second try is on its way when the first one, given up for lost, lands after all.
            _site.Store(FakeJira.Parse(late));
            return Task.FromResult(false);
        };

        var id = await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default);

        Assert.Equal(2, _site.Count("POST"));
        Assert.Equal(id, Assert.Single(_site.Comments)["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task EnsureComment_SeveralOfTheKey_KeepsTheOldest()
    {
        for (var i = 0; i < 3; i++) await _jira.Client.AddCommentAsync("10001", new CommentDraft("done", Effect), default);
        await _jira.Client.AddCommentAsync("10001", new CommentDraft("a person's"), default);
        var oldest = _site.Comments[0]["id"]!.GetValue<string>();

        Assert.Equal(oldest, await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default));
        Assert.Equal(["done", "a person's"], Texts);
    }

    [Fact]
    public async Task EnsureComment_SameKeyOfAnotherRun_IsLeftAlone()
    {
        await _jira.Client.AddCommentAsync("10001", new CommentDraft("older run", Effect with { Instance = "jira-0" }), default);

        await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("this run", Effect), null, default);

        Assert.Equal(["older run", "this run"], Texts);
    }

    [Fact]
    public async Task EnsureComment_TextOverTheLimit_IsSplitAndNothingIsLost()
    {
        var words = Enumerable.Range(0, 9_000).Select(number => $"word{number}").ToList();
        var text = string.Join("\n\n", words.Chunk(30).Select(chunk => string.Join(' ', chunk)));

        await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft(text, Effect), null, default);

        Assert.InRange(Texts.Count, 2, 8);
        Assert.Equal(words, string.Join(' ', Texts).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(_site.Comments, comment => Assert.InRange(comment["body"]!.ToJsonString().Length, 1, 32_767));

        await _jira.Effects.EnsureCommentAsync("10001", new CommentDraft("short now", Effect), null, default);
        Assert.Equal(["short now"], Texts);
    }

    [Fact]
    public async Task EnsureStatus_OpenTransition_Moves()
    {
        Assert.Equal(TransitionOutcome.Moved, await _jira.Effects.EnsureStatusAsync("10001", "in progress", default));
        Assert.Equal(TransitionOutcome.AlreadyThere, await _jira.Effects.EnsureStatusAsync("10001", "In Progress", default));
        Assert.Equal(("In Progress", 1), (_site.Status, _site.Moves));
    }

    [Fact]
    public async Task EnsureStatus_Backwards_DoesNothing()
    {
        _site.Status = "Done";

        Assert.Equal(TransitionOutcome.WouldGoBack, await _jira.Effects.EnsureStatusAsync("10001", "In Review", default));
        Assert.Equal(0, _site.Moves);
    }

    [Fact]
    public async Task EnsureStatus_OnlyThroughAScreenOrNotAtAll_IsNotPossible()
    {
        _site.ScreenTransitions.Add("Done");
        _site.MissingTransitions.Add("In Review");

        Assert.Equal(TransitionOutcome.NotPossible, await _jira.Effects.EnsureStatusAsync("10001", "Done", default));
        Assert.Equal(TransitionOutcome.NotPossible, await _jira.Effects.EnsureStatusAsync("10001", "In Review", default));
        Assert.Equal(TransitionOutcome.NotPossible, await _jira.Effects.EnsureStatusAsync("10001", "Shipped", default));
        Assert.Equal(0, _site.Moves);
    }

    [Fact]
    public async Task EnsureStatus_ConnectionLostAfterTheWrite_MovesOnce()
    {
        _site.Intercept = _site.DropAfter("POST", "/transitions", 3);

        Assert.Equal(TransitionOutcome.Moved, await _jira.Effects.EnsureStatusAsync("10001", "In Progress", default));
        Assert.Equal(1, _site.Moves);
    }
}
