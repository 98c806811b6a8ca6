using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.Core.Tickets;

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
}
