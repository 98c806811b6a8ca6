using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>A run that reads its ticket again sees what became of it, even when the event about it comes later.</summary>
[Collection(StorageTests.Name)]
public sealed class ReadingTests(StorageFixture storage)
{
    private static readonly RunPolicy Policy = PeopleScript.Policy with { ComparesReadings = true };
    private static readonly Ticket Closed = TestSquad.Ticket with { Status = new TicketStatus("3", "Done", StatusCategory.Done) };

    private readonly StorageAccount _account = storage.NewAccount();

    [Fact]
    public async Task Clarify_ClosedWithACommentWhoseEventIsFirst_StopsTheRun()
    {
        var first = await ReadAsync(TestSquad.Ticket, new ReadInput(TestSquad.Run, 1, default));
        var second = await ReadAsync(Closed, new ReadInput(TestSquad.Run, 2, default) { Before = first.Step, MovedTo = [] });
        var run = Unclear().On<ReadInput>(nameof(TicketActivities.ReadTicket), read => read.Reading == 1 ? first : second);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Note());

        Assert.Equal("Stopped", await ending);
        Assert.Equal(first.Step, run.InputsOf<ReadInput>().Last().Before);
        Assert.Empty(run.InputsOf<PlanInput>());
        Assert.Equal("The run ended because a person moved the ticket to `Done`.", run.InputsOf<StatusInput>().Last().Status.Detail);
    }

    [Theory]
    [InlineData("closed", nameof(SignalKind.StopWithdrawn))]
    [InlineData("label", nameof(SignalKind.StopWithdrawn))]
    [InlineData("moved by us", null)]
    [InlineData("summary", null)]
    [InlineData("nothing to compare with", null)]
    public async Task ReadTicket_TakenAwaySinceTheLastReading_SaysSo(string what, string? expected)
    {
        var first = await ReadAsync(TestSquad.Ticket, new ReadInput(TestSquad.Run, 1, default));
        var now = what switch
        {
            "label" => TestSquad.Ticket with { Labels = [] },
            "summary" => TestSquad.Ticket with { Summary = "Another" },
            _ => Closed,
        };

        var second = await ReadAsync(now, new ReadInput(TestSquad.Run, 2, default)
        {
            Before = what == "nothing to compare with" ? null : first.Step, MovedTo = what == "moved by us" ? ["done"] : [],
        });

        Assert.Equal(expected, second.Signal?.Kind.ToString());
        Assert.Null(second.Refusal);
    }

    [Fact]
    public async Task Read_WithdrawalThatHasHeldTheRunBefore_DoesNotHoldItAgain()
    {
        var held = new Signal("d1", SignalKind.PauseWithdrawn) { Text = "the ticket was assigned to someone else" };
        var run = Unclear().On<ReadInput>(nameof(TicketActivities.ReadTicket), read => new TicketCard(
            $"ticket/{read.Reading}", "TEST-10", "TEST", "A ticket", "To Do", Refusal: null) { Signal = read.Reading == 2 ? held : null });
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(held);
        run.Tell(TicketScript.Command(CommandKind.Resume));
        run.Tell(TicketScript.Note());

        Assert.Equal("Deliver", await ending.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Read_WithdrawalThatNoEventSaid_HoldsTheRun()
    {
        var run = Unclear().On<ReadInput>(nameof(TicketActivities.ReadTicket), read => new TicketCard(
            $"ticket/{read.Reading}", "TEST-10", "TEST", "A ticket", "To Do", Refusal: null)
        {
            Signal = read.Reading == 2 ? new Signal("d1", SignalKind.PauseWithdrawn) { Text = "the ticket was assigned to someone else" } : null,
        });
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Note());
        Assert.Contains("Paused: the ticket was assigned", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
        Assert.False(ending.IsCompleted);
        run.Tell(TicketScript.Command(CommandKind.Resume));

        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Read_FirstAfterARetry_TakesTheTicketAsItIs()
    {
        var ended = TicketScript.Input();
        (ended.Stage, ended.EndedIn, ended.TicketStep, ended.Readings) = (RunStage.Stopped, RunStage.Triage, "ticket/1", 1);
        var run = TicketScript.Happy().On<OpenInput>(nameof(RunActivities.OpenRun), _ => new OpenCard(Policy, Ended: null, ended));
        run.On<TriageInput>(nameof(AgentActivities.Triage), Triage(ready: 2));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Note());

        Assert.Equal("Deliver", await ending);
        Assert.Equal([null, "ticket/2"], run.InputsOf<ReadInput>().Select(read => read.Before));
    }

    private static OrchestrationHarness Unclear() => TicketScript.Happy(policy: Policy).On<TriageInput>(nameof(AgentActivities.Triage), Triage(ready: 2));

    private static Func<TriageInput, object?> Triage(int ready) => triage => triage.Round < ready
        ? new TriageCard($"triage/{triage.Round}", TriageVerdict.Unclear, "No expected result.", 2, "same", "Rita")
        : new TriageCard($"triage/{triage.Round}", TriageVerdict.Ready, "Clear.", 0);

    private async Task<TicketCard> ReadAsync(Ticket ticket, ReadInput input)
    {
        var jira = new Mock<IJiraSite>();
        jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(ticket);
        jira.Setup(j => j.GetCommentsAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync([]);
        return await TestSquad.Tickets(_account, jira.Object).ReadTicket(input, TestRequest.Context());
    }
}
