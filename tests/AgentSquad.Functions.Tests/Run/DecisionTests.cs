using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>What only a person can decide: a plan, a task that its reviewer never takes, a result with gaps.</summary>
public sealed class DecisionTests
{
    [Fact]
    public async Task Approve_Approved_GoesToWork()
    {
        var run = PeopleScript.NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Equal("Approve", run.CustomStatus.GetProperty("stage").GetString());
        Assert.Empty(run.InputsOf<SquadTaskInput>());

        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
        Assert.Equal(1, run.CountOf(nameof(CommentActivities.PublishApproval)));
        Assert.Equal(0, run.CountOf(nameof(CommentActivities.PublishReply)));
    }

    [Fact]
    public async Task Approve_Revised_MakesAnotherPlanWithTheReason()
    {
        var run = PeopleScript.NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Revise, "No database change, please."));
        Assert.False(ending.IsCompleted);
        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
        Assert.Equal([null, "No database change, please."], run.InputsOf<PlanInput>().Select(input => input.Revision));
        Assert.Equal([1, 2], run.InputsOf<ApprovalInput>().Select(input => input.Round));
        Assert.Equal("plan/2", run.InputsOf<DeliveryInput>().Single().PlanStep);
        Assert.Equal(["Revise by Rita (reporter)", "Approve by Rita (reporter)"], run.InputsOf<StatusInput>().Last().Status.Decisions);
    }

    [Fact]
    public async Task Approve_PersonWithoutTheRight_IsRefusedAndTheRunWaits()
    {
        var run = PeopleScript.NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Approve, refusal: "only the reporter may"));

        Assert.False(ending.IsCompleted);
        Assert.Contains("only the reporter may", Assert.Single(run.InputsOf<ReplyInput>()).Text, StringComparison.Ordinal);
        Assert.Empty(run.InputsOf<SquadTaskInput>());
    }

    [Theory]
    [InlineData(true, "Deliver")]
    [InlineData(false, "Stopped")]
    public async Task Approve_NobodyDecides_FollowsThePolicy(bool approves, string expected)
    {
        var run = PeopleScript.NeedsApproval(PeopleScript.Policy with { ApprovesOnTimeout = approves });
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Advance(TimeSpan.FromDays(11));

        Assert.Equal(expected, await ending);
    }

    [Fact]
    public async Task Approve_EditOfTheTicket_IsJudgedAndPlannedAgain()
    {
        var run = PeopleScript.NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(new Signal("d1", SignalKind.Edited));
        Assert.Equal(["Triage", "Plan", "Approve", "Triage", "Plan", "Approve"], run.Stages());
        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
        Assert.Equal("ticket/2", run.InputsOf<PlanInput>().Last().TicketStep);
    }

    [Fact]
    public async Task Work_ReviewerNeverContent_APersonDecides()
    {
        var run = TicketScript.Happy(policy: PeopleScript.Policy).On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task is { Id: "T2", Pass: 1 }
            ? new SquadTaskResult("T2", SquadTaskOutcome.NeedsPerson, "out/T2/1", 3, "The reviewer still asks for changes.")
            : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}/{task.Task.Pass}", 1));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Contains("T2", Assert.Single(run.InputsOf<DecisionInput>()).Problem, StringComparison.Ordinal);

        run.Tell(TicketScript.Command(CommandKind.Revise, "Leave out the export."));

        Assert.Equal("Deliver", await ending);
        var again = run.InputsOf<SquadTaskInput>().Last();
        Assert.Equal(("T2", 2, "Leave out the export."), (again.Task.Id, again.Task.Pass, again.Task.Request));
    }

    [Fact]
    public async Task Verify_GapsTwice_APersonMayTakeItAsItIs()
    {
        var run = TicketScript.Happy(policy: PeopleScript.Policy).On<VerifyInput>(
            nameof(AgentActivities.Verify), verify => new VerifyCard($"verify/{verify.Round}", VerificationVerdict.NeedsFixes, "One gap.", ["T2"]));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Equal(2, run.CountOf(nameof(AgentActivities.Verify)));

        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
    }
}
