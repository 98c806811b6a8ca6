using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;
using Microsoft.DurableTask.Client;
using Moq;

namespace AgentSquad.Functions.Tests.Intake;

/// <summary>Data Center tells of one comment in two events: what it says counts once.</summary>
[Collection(StorageTests.Name)]
public sealed class CommentTwiceTests(StorageFixture storage)
{
    private readonly FakeDurableTaskClient _client = new();

    [Theory]
    [InlineData("/squad extend 2.00", true)]
    [InlineData("/squad extend 2.00", false)]
    [InlineData("/squad pause", true)]
    public async Task Command_ToldInTwoEvents_IsDoneOnceAndGetsNoSecondAnswer(string text, bool ticketFirst)
    {
        var account = storage.NewAccount();
        var inbox = new Inbox(account, TimeProvider.System);
        var intake = new TestIntake(account, inbox, _client);
        _client.Set(intake.InstanceId("10"), OrchestrationRuntimeStatus.Running);
        var activities = TestSquad.Books(account, SiteWith(text), inbox: inbox);
        var cards = new List<InboxCard>();
        foreach (var body in ticketFirst ? Events(text).Reverse() : Events(text))
        {
            await intake.ProcessAsync(body);
            var input = new InboxInput(TestSquad.Run with { InstanceId = intake.InstanceId("10") }, [.. cards.SelectMany(card => card.Read)], "", []);
            cards.Add(await activities.ReadInbox(input, TestRequest.Context()));
        }

        var run = PeopleScript.Unclear(until: 99)
            .On<ExtendInput>(nameof(BudgetActivities.ExtendBudget), _ => "The budget of this ticket is 2.50 USD now.");
        var ending = TicketOrchestrator.RunAsync(run.Context);
        foreach (var card in cards) run.Tell([.. card.Signals]);

        Assert.False(ending.IsCompleted);
        var expected = text == "/squad pause" ? 0 : 1;
        Assert.Equal(expected, run.InputsOf<ExtendInput>().Count());
        Assert.Equal(expected, run.InputsOf<ReplyInput>().Count());
    }

    [Fact]
    public async Task Edits_OfOneComment_StayEventsOfTheirOwn()
    {
        var account = storage.NewAccount();
        var inbox = new Inbox(account, TimeProvider.System);
        var intake = new TestIntake(account, inbox, _client);
        _client.Set(intake.InstanceId("10"), OrchestrationRuntimeStatus.Running);

        await intake.ProcessAsync(TestEvents.Comment("10", "One.", "900"));
        await intake.ProcessAsync(TestEvents.CommentEdited("10", "Two.", "900"));
        await intake.ProcessAsync(TestEvents.CommentEdited("10", "Three.", "900"));
        await intake.ProcessAsync(TestEvents.Comment("10", "One.", "901"));

        Assert.Equal(4, (await inbox.ReadAsync(intake.InstanceId("10"), [], 10, default)).Count);
    }

    private static byte[][] Events(string text) => [TestEvents.Comment("10", text, "900"), TestEvents.Commented("10", text, "900")];

    private static IJiraClient SiteWith(string text)
    {
        var jira = new Mock<IJiraClient>();
        jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        jira.Setup(j => j.GetCommentAsync("10", "900", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new TicketComment("900", TestSquad.Rita, text, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, null, null));
        return jira.Object;
    }
}
