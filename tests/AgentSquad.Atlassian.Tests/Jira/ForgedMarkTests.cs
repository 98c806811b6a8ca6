using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Tests.Jira;

/// <summary>Whoever may write on a ticket can copy the app's marks: what others made is neither taken for the app's own nor touched.</summary>
public sealed class ForgedMarkTests
{
    private static readonly CommentEffect Effect = new("delivery", "jira-1", "delivery");

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task EnsureComment_OlderCommentOfAnotherWithTheMark_IsLeftAlone(string deployment)
    {
        await using var site = new FakeJira { NamesByAccountId = deployment == "Cloud" };
        await using var jira = Client(site, deployment);
        var forged = site.Store(Marked(deployment, "nothing to see here", Effect.Key), author: "mallory");

        var id = await jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default);
        Assert.Equal(id, await jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done indeed", Effect), null, default));

        Assert.NotEqual(id, forged["id"]!.GetValue<string>());
        Assert.Equal(2, site.Comments.Count);
        Assert.Contains("nothing to see here", site.Comments[0]["body"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((1, 1, 0), (site.Count("POST"), site.Count("PUT"), site.Count("DELETE")));
    }

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task EnsureComment_YoungerCopiesAndPartsOfAnother_AreNotDeleted(string deployment)
    {
        await using var site = new FakeJira { NamesByAccountId = deployment == "Cloud" };
        await using var jira = Client(site, deployment);
        var id = await jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default);
        site.Store(Marked(deployment, "a copy", Effect.Key), author: "mallory");
        site.Store(Marked(deployment, "a part", Effect.Key + "#part-2"), author: "mallory");

        Assert.Equal(id, await jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default));

        Assert.Equal(3, site.Comments.Count);
        Assert.Equal((1, 0, 0), (site.Count("POST"), site.Count("PUT"), site.Count("DELETE")));
    }

    [Fact]
    public async Task EnsureComment_WriteThatWasLostBesideAForgedOne_IsDoneAgain()
    {
        await using var site = new FakeJira();
        await using var jira = Client(site, "Cloud");
        site.Store(Marked("Cloud", "it is there already", Effect.Key), author: "mallory");
        var isFirst = true;
        site.Intercept = (context, request) =>
        {
            if (request.Method != "POST" || !isFirst) return Task.FromResult(false);
            isFirst = false;
            context.Abort();
            return Task.FromResult(true);
        };

        var id = await jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), null, default);

        Assert.Equal(id, site.Comments[1]["id"]!.GetValue<string>());
        Assert.Equal("bot", site.Comments[1]["author"]!["accountId"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("mallory", true)]
    [InlineData("bot", false)]
    public async Task EnsureComment_KnownOneMayNotBeEdited_IsWrittenAnewOnlyWhenAnotherAccountWroteIt(string author, bool writesAnew)
    {
        await using var site = new FakeJira();
        await using var jira = Client(site, "Cloud");
        var known = site.Store(Marked("Cloud", "of the account before", Effect.Key), author)["id"]!.GetValue<string>();
        site.Intercept = async (context, request) =>
        {
            if (request.Method != "PUT") return false;
            await FakeSite.WriteAsync(context, 400, FakeJira.Error("You do not have permission to edit this comment."));
            return true;
        };

        var write = jira.Effects.EnsureCommentAsync("10001", new CommentDraft("done", Effect), known, default);

        if (writesAnew) Assert.NotEqual(known, await write);
        else Assert.Equal(JiraFailure.Refused, (await Assert.ThrowsAsync<JiraException>(() => write)).Failure);
        Assert.Equal(writesAnew ? 2 : 1, site.Comments.Count);
    }

    [Fact]
    public async Task EnsureSubtask_TicketOfAnotherWithTheMark_IsLeftAlone()
    {
        await using var site = new LinkedSite();
        await using var jira = Client(site, "Cloud");
        site.Subtasks["100"] = MarkOf("task-1");
        site.Strangers["100"] = "mallory";

        var first = await EnsureSubtaskAsync(jira, "task-1");
        site.Subtasks["30000"] = MarkOf("task-1");
        site.Strangers["30000"] = "mallory";
        var second = await EnsureSubtaskAsync(jira, "task-1");

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual("100", first.Id);
        Assert.Equal(3, site.Subtasks.Count);
    }

    [Fact]
    public async Task EnsureSubtask_MarkMovedToAnotherOfTheAppsOwn_DeletesNothing()
    {
        await using var site = new LinkedSite();
        await using var jira = Client(site, "Cloud");
        var first = await EnsureSubtaskAsync(jira, "task-1");
        var second = await EnsureSubtaskAsync(jira, "task-2");
        site.Summaries[second.Id] = "Do the rest";
        site.Subtasks[second.Id] = MarkOf("task-1");

        Assert.Equal(first.Id, (await EnsureSubtaskAsync(jira, "task-1")).Id);

        Assert.Equal(2, site.Subtasks.Count);
    }

    [Fact]
    public async Task EnsureAttachment_FileOfAnotherWithTheName_IsLeftAlone()
    {
        await using var site = new LinkedSite();
        await using var jira = Client(site, "Cloud");
        site.Files["100"] = "plan-982d9e3e.md";
        site.Strangers["100"] = "mallory";

        var file = await jira.Get<ISiteEffects>().EnsureAttachmentAsync("10001", "plan.md", "text"u8.ToArray(), default);

        Assert.NotEqual("100", file.Id);
        Assert.Equal(2, site.Files.Count);
    }

    [Fact]
    public async Task IsOwn_AccountRenamedMeanwhile_IsAskedAgainAfterAMinuteOnly()
    {
        var (clock, asked, name) = (new SteppedTime(), 0, "bot");
        var own = new OwnAccount(clock);
        Task<bool> IsOwnAsync(string author) => own.IsAsync(new Person(author, author), _ => Task.FromResult(new Person(name, $"{++asked}")), default);

        Assert.True(await IsOwnAsync("bot"));
        Assert.False(await IsOwnAsync("mallory"));
        Assert.False(await own.IsAsync(null, _ => throw new InvalidOperationException("Nobody is asked for."), default));
        Assert.Equal(1, asked);

        name = "squad";
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await IsOwnAsync("squad"));
        Assert.False(await IsOwnAsync("bot"));
        Assert.Equal(2, asked);
    }

    private static JiraUnderTest Client(FakeSite site, string deployment) =>
        new(site.Address, ("Jira:Deployment", deployment), ("Jira:LateWriteWait", "00:00:00.2"), ("Jira:ReadRetries", "1"));

    private static Task<TicketReference> EnsureSubtaskAsync(JiraUnderTest jira, string key) => jira.Get<ISiteEffects>().EnsureSubtaskAsync(
        "10001", new TicketDraft("TEST", "Sub-task", "Do it") { ParentKey = "TEST-1" }, new CommentEffect(key, "jira-1", "task"), default);

    private static JsonObject Marked(string deployment, string text, string key) => new()
    {
        ["body"] = deployment == "Cloud" ? AdfMarkdown.FromMarkdown(text) : JsonValue.Create(text),
        ["properties"] = new JsonArray(new JsonObject { ["key"] = CommentEffect.PropertyKey, ["value"] = MarkOf(key) }),
    };

    private static JsonObject MarkOf(string key) => new() { ["key"] = key, ["instance"] = Effect.Instance, ["kind"] = Effect.Kind };
}
