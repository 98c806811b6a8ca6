using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Policies;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Intake;

/// <summary>Events reach the app in any order: what called a run off before its start was processed still counts.</summary>
[Collection(StorageTests.Name)]
public sealed class LateStartTests(StorageFixture storage)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    private readonly SquadOptions _options = new();
    private readonly Mock<IJiraSite> _jira = new();

    [Fact]
    public async Task Stop_ProcessedBeforeTheStart_StopsTheRunBeforeAnAgentWorks()
    {
        var run = await RunAsync(TestSquad.Ticket, Comment("/squad stop", 1));

        Assert.Equal("Stopped", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Empty(run.InputsOf<TriageInput>());
        Assert.Equal("Stopped by Rita (reporter).", Assert.Single(run.InputsOf<StatusInput>()).Status.Detail);
    }

    [Theory]
    [InlineData("by someone who may not")]
    [InlineData("before the start")]
    [InlineData("by an edit")]
    [InlineData("the squad's own")]
    public async Task Stop_ThatIsNoCommandToThisRun_ChangesNothing(string what)
    {
        var stop = Comment("/squad stop", 1);
        var run = await RunAsync(TestSquad.Ticket, what switch
        {
            "by someone who may not" => stop with { Author = new Person("mallory", "Mallory") },
            "before the start" => Comment("/squad stop", -1),
            "by an edit" => stop with { Updated = stop.Created.AddSeconds(1) },
            _ => stop with { Effect = new CommentEffect("k", TestSquad.Run.InstanceId, "status") },
        });

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));
    }

    [Fact]
    public async Task LabelRemoved_ProcessedBeforeTheStart_EndsTheRunWithoutAWord()
    {
        var run = await RunAsync(TestSquad.Ticket with { Labels = [] });

        Assert.Equal("Stopped", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Empty(run.InputsOf<TriageInput>());
        Assert.Empty(run.InputsOf<StatusInput>());
    }

    [Fact]
    public async Task LabelRemoved_WhereThatMeansNothing_ChangesNothing()
    {
        _options.Withdrawal.OnLabelRemoved = Withdrawal.Continue;
        var run = await RunAsync(TestSquad.Ticket with { Labels = [] });

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));
    }

    [Fact]
    public async Task NoLabel_RunThatWasStartedOtherwise_GoesOn()
    {
        var (input, activities) = (new ReadInput(TestSquad.Run, 1, Start), Activities(TestSquad.Ticket with { Labels = [] }));

        var card = await activities.ReadTicket(input, TestRequest.Context());

        Assert.Equal((null, null), (card.Refusal, card.Signal));
    }

    // A run that the label started, when everything else had been processed before.
    private async Task<OrchestrationHarness> RunAsync(Ticket ticket, params TicketComment[] comments)
    {
        var account = storage.NewAccount();
        var client = new FakeDurableTaskClient();
        var intake = new TestIntake(account, new Inbox(account, TimeProvider.System), client);
        if (comments is [var comment]) await intake.ProcessAsync(TestEvents.Comment("10", comment.Text, comment.Id));
        await intake.ProcessAsync(TestEvents.LabelAdded("10", Start));
        var started = Assert.Single(client.Started);

        var activities = Activities(ticket, comments);
        var first = await activities.ReadTicket(
            new ReadInput(new RunRef(intake.InstanceId("10"), started.RunId, "10"), 1, started.Since) { IsByLabel = started.IsByLabel }, TestRequest.Context());
        return TicketScript.Happy(started).On<ReadInput>(nameof(TicketActivities.ReadTicket), read =>
        {
            Assert.Equal((1, true), (read.Reading, read.IsByLabel));
            return first;
        });
    }

    private TicketActivities Activities(Ticket ticket, params TicketComment[] comments)
    {
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(ticket);
        _jira.Setup(jira => jira.GetCommentsAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(comments);
        foreach (var comment in comments) _jira.Setup(jira => jira.GetCommentAsync("10", comment.Id, It.IsAny<CancellationToken>())).ReturnsAsync(comment);
        return TestSquad.Tickets(storage.NewAccount(), _jira.Object, _options);
    }

    private static TicketComment Comment(string text, int second) =>
        new("900", TestSquad.Rita, text, Start.AddSeconds(second), Start.AddSeconds(second), null, null);
}
