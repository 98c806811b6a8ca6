using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Policies;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>Comments that start a run because they mention the squad: the site's comment counts, and who wrote it.</summary>
[Collection(StorageTests.Name)]
public sealed class MentionTests(StorageFixture storage)
{
    private static readonly string Instance = TestRuns.InstanceId("10");

    private readonly Mock<IJiraClient> _jira = new();
    private readonly SquadOptions _options = new();

    [Fact]
    public async Task Run_CriterionMentionsTheBot_OwnDeliveryCommentStartsNoOther()
    {
        const string delivery = "Every criterion is met: `@agentsquad` in a comment opens the export.";
        var account = storage.NewAccount();
        var books = Books(account, delivery, TestSquad.Rita, new CommentEffect("0123456789ab/delivery", Instance, "delivery"));
        var first = Script(books, TicketScript.Input());
        first.On<DeliveryInput>(nameof(CommentActivities.PublishDelivery), _ => DeliveredAsync());

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(first.Context));

        // The site announces the comment as it announces anyone's; the run that it begins finds out whose it is, and ends.
        var next = Assert.IsType<TicketRunState>(first.ContinuedWith);
        var second = Script(books, next);
        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(second.Context));
        Assert.Null(second.ContinuedWith);
        Assert.Equal([nameof(RunActivities.OpenRun), nameof(RunActivities.CloseRun)], second.Calls.Select(call => call.Name));

        async Task<object?> DeliveredAsync()
        {
            await new Inbox(account, TimeProvider.System).AddAsync(Instance, Mention("d1", delivery), default);
            return "102";
        }
    }

    [Theory]
    [InlineData("@agentsquad, please.", "rita", true)]
    [InlineData("@agentsquad, please.", "mallory", false)]
    [InlineData("Never mind.", "rita", false)]
    [InlineData("/squad status", "mallory", false)]
    [InlineData("/squad start", "rita", true)]
    public async Task Start_Mention_IsReadOnTheSiteAndNeedsTheRightToStart(string text, string author, bool starts)
    {
        var books = Books(storage.NewAccount(), text, new Person(author, author), effect: null);
        var start = TicketRunState.Start(Mention("d1", "@agentsquad, please."), TestEvents.Site);

        var card = await books.OpenRun(
            new OpenInput(new RunRef(Instance, start.RunId, "10"), start.StartedBy, "TEST-10", start.StartComment, start.IsRetry), TestRequest.Context());

        Assert.Equal(starts, card.Ended is null);
    }

    private RunActivities Books(StorageAccount account, string text, Person author, CommentEffect? effect)
    {
        _options.Triggers.StartOnMention = true;
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        _jira.Setup(jira => jira.GetCommentAsync("10", "900", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new TicketComment("900", author, text, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, effect, null));
        return TestSquad.Books(account, _jira.Object, _options);
    }

    private static OrchestrationHarness Script(RunActivities books, TicketRunState input)
    {
        return TicketScript.Happy(input)
            .On<OpenInput>(nameof(RunActivities.OpenRun), OpenAsync)
            .On<CloseInput>(nameof(RunActivities.CloseRun), CloseAsync);

        async Task<object?> OpenAsync(OpenInput open) => await books.OpenRun(open, TestRequest.Context());

        async Task<object?> CloseAsync(CloseInput close) => await books.CloseRun(close, TestRequest.Context());
    }

    private InboxEvent Mention(string deliveryId, string text)
    {
        var mention = new TicketEvent
        {
            Kind = TicketEventKind.CommentCreated, Name = "comment_created", TicketId = "10", TicketKey = "TEST-10",
            Comment = new CommentReference("900", TestSquad.Rita, text),
        };
        var decision = EventPolicy.Decide(mention, _options.ToPolicy("TEST"), runIsOpen: false);
        return InboxEvent.Of(deliveryId, decision.Kind == EventDecisionKind.Start, decision.Reason, DateTimeOffset.UtcNow, mention);
    }
}
