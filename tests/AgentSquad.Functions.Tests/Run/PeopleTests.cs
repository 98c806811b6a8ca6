using AgentSquad.Core.Commands;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>People in a run: questions, decisions, commands, and the ticket being taken away.</summary>
public sealed class PeopleTests
{
    private static readonly RunPolicy Policy = new()
    {
        Reminders = new ReminderOptions
        {
            RemindAfter = [TimeSpan.FromDays(1), TimeSpan.FromDays(3)], EscalateAfter = TimeSpan.FromDays(5), EscalateTo = "boss", GiveUpAfter = TimeSpan.FromDays(10),
        },
    };

    [Fact]
    public async Task Clarify_Answer_ResumesTheSameRun()
    {
        var run = Unclear(until: 2);

        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Equal("Clarify", run.CustomStatus.GetProperty("stage").GetString());
        Assert.Equal("answers to 2 questions", run.InputsOf<StatusInput>().Last().Waiting?.What);
        run.Advance(TimeSpan.FromHours(20));
        run.Tell(TicketScript.Note());

        Assert.Equal("Deliver", await ending);
        Assert.Equal(["Triage", "Clarify", "Triage", "Plan", "Work", "Verify", "Deliver"], run.Stages());
        Assert.Equal(1, run.CountOf(nameof(CommentActivities.PublishQuestions)));
        Assert.Equal(0, run.CountOf(nameof(CommentActivities.PublishReminder)));
        Assert.Null(run.InputsOf<StatusInput>().Last().Waiting);
    }

    [Fact]
    public async Task Clarify_EditOfTheTicket_ResumesTheRun()
    {
        var run = Unclear(until: 2);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(new Signal("d1", SignalKind.Edited));

        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Clarify_TalkThatAnswersNothing_DoesNotAskAgain()
    {
        var run = Unclear(until: 4);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Note());
        run.Tell(TicketScript.Note());
        Assert.False(ending.IsCompleted);
        run.Tell(TicketScript.Note());

        Assert.Equal("Deliver", await ending);
        Assert.Equal(1, run.CountOf(nameof(CommentActivities.PublishQuestions)));
    }

    [Fact]
    public async Task Clarify_NobodyAnswers_RemindsEscalatesAndGivesUp()
    {
        var run = Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Advance(TimeSpan.FromDays(4));
        Assert.Equal([WaitingStepKind.Remind, WaitingStepKind.Remind], run.InputsOf<ReminderInput>().Select(input => input.Kind));
        run.Advance(TimeSpan.FromDays(2));
        Assert.Equal(WaitingStepKind.Escalate, run.InputsOf<ReminderInput>().Last().Kind);
        run.Advance(TimeSpan.FromDays(5));

        Assert.Equal("Stopped", await ending);
        Assert.Equal(RunStage.Clarify, Assert.Single(run.InputsOf<FailureInput>()).Stage);
        Assert.Equal("Stopped", run.InputsOf<StatusInput>().Last().Status.Stage);
    }

    [Fact]
    public async Task Approve_Approved_GoesToWork()
    {
        var run = NeedsApproval();
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
        var run = NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Revise, "No database change, please."));
        Assert.False(ending.IsCompleted);
        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
        Assert.Equal([null, "No database change, please."], run.InputsOf<PlanInput>().Select(input => input.Revision));
        Assert.Equal([1, 2], run.InputsOf<ApprovalInput>().Select(input => input.Round));
        Assert.Equal("plan/2", run.InputsOf<DeliveryInput>().Single().PlanStep);
    }

    [Fact]
    public async Task Approve_PersonWithoutTheRight_IsRefusedAndTheRunWaits()
    {
        var run = NeedsApproval();
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
        var run = NeedsApproval(Policy with { ApprovesOnTimeout = approves });
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Advance(TimeSpan.FromDays(11));

        Assert.Equal(expected, await ending);
    }

    [Fact]
    public async Task Approve_EditOfTheTicket_IsJudgedAndPlannedAgain()
    {
        var run = NeedsApproval();
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
        var run = TicketScript.Happy(policy: Policy).On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task is { Id: "T2", Pass: 1 }
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
        var run = TicketScript.Happy(policy: Policy).On<VerifyInput>(
            nameof(AgentActivities.Verify), verify => new VerifyCard($"verify/{verify.Round}", VerificationVerdict.NeedsFixes, "One gap.", ["T2"]));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Equal(2, run.CountOf(nameof(AgentActivities.Verify)));

        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Pause_DuringWork_HoldsTasksAndStartsNoneUntilResume()
    {
        var run = TicketScript.Happy(policy: Policy);
        var first = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task.Id == "T1"
            ? first.Task
            : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}", 1));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Pause));
        Assert.Equal(SquadTaskOrchestrator.OrderEvent, Assert.Single(run.Sent).Name);
        first.SetResult(new SquadTaskResult("T1", SquadTaskOutcome.Done, "out/T1", 1));
        Assert.Single(run.InputsOf<SquadTaskInput>());
        Assert.Contains("Paused", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
        run.Tell(TicketScript.Command(CommandKind.Resume));

        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Pause_WhileWaiting_IsShownAndHoldsTheWaitUntilResume()
    {
        var run = NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Pause));
        Assert.Contains("Paused", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
        run.Tell(TicketScript.Command(CommandKind.Approve));
        Assert.Contains("paused", Assert.Single(run.InputsOf<ReplyInput>()).Text, StringComparison.Ordinal);
        run.Tell(TicketScript.Command(CommandKind.Resume));
        Assert.DoesNotContain("Paused", run.InputsOf<StatusInput>().Last().Status.Detail ?? "", StringComparison.Ordinal);
        Assert.False(ending.IsCompleted);
        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
        Assert.Single(run.InputsOf<ApprovalInput>());
    }

    [Fact]
    public async Task Stop_WhileWaiting_EndsTheRunAndNamesThePerson()
    {
        var run = Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Stop));

        Assert.Equal("Stopped", await ending);
        Assert.Contains("Rita", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
        Assert.Empty(run.InputsOf<FailureInput>());
    }

    [Fact]
    public async Task Commands_ThatOnlyAsk_GetOneShortAnswerEach()
    {
        var run = Unclear(until: 99);
        _ = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(
            TicketScript.Command(CommandKind.Help), TicketScript.Command(CommandKind.Status), TicketScript.Command(CommandKind.Approve),
            new Signal("d9", SignalKind.InvalidCommand) { CommentId = "902", Text = "`dance` is not a command." });

        var replies = run.InputsOf<ReplyInput>().ToList();
        Assert.Equal(4, replies.Count);
        Assert.Equal("Clarify", replies[1].Status?.Stage);
        Assert.Contains("Clarify", replies[2].Text, StringComparison.Ordinal);
        Assert.Equal("`dance` is not a command.", replies[3].Text);
    }

    [Fact]
    public async Task Withdrawn_Ticket_EndsTheRunWithOneLine()
    {
        var run = TicketScript.Happy(policy: Policy);
        var work = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), _ => work.Task);
        run.OnSend = (_, _) => work.TrySetResult(new SquadTaskResult("T1", SquadTaskOutcome.Stopped, null, 1));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(new Signal("d1", SignalKind.StopWithdrawn) { Text = "a person moved the ticket to `Done`" });

        Assert.Equal("Stopped", await ending);
        Assert.Contains("moved the ticket", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_DuringWork_ReachTheTasksStillToBegin()
    {
        var run = TicketScript.Happy(policy: Policy);
        var first = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task.Id == "T1"
            ? first.Task
            : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}", 1));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Note());
        first.SetResult(new SquadTaskResult("T1", SquadTaskOutcome.Done, "out/T1", 1));

        await ending;
        Assert.Equal(["ticket/1", "ticket/2", "ticket/2"], run.InputsOf<SquadTaskInput>().Select(input => input.TicketStep));
    }

    [Fact]
    public async Task Retry_AfterAFailure_GoesOnFromTheLastGoodStep()
    {
        TicketRunState? ended = null;
        var failing = TicketScript.Happy(policy: Policy)
            .On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task.Id == "T3"
                ? new SquadTaskResult("T3", SquadTaskOutcome.Failed, null, 1, "The model refused.")
                : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}", 1))
            .On<CloseInput>(nameof(RunActivities.CloseRun), close =>
            {
                ended = close.Ended;
                return null;
            });
        await Assert.ThrowsAsync<RunEndedException>(() => TicketOrchestrator.RunAsync(failing.Context));

        var input = TicketScript.Input();
        (input.RunId, input.StartedBy, input.IsRetry, input.StartComment) = ("retry", "retry", true, "950");
        var again = TicketScript.Happy(input).On<OpenInput>(nameof(RunActivities.OpenRun), _ => new OpenCard(Policy, Ended: null, ended));

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(again.Context));

        Assert.Equal("T3", Assert.Single(again.InputsOf<SquadTaskInput>()).Task.Id);
        Assert.Empty(again.InputsOf<TriageInput>());
        Assert.Empty(again.InputsOf<PlanInput>());
        Assert.All(again.InputsOf<StatusInput>(), status => Assert.Equal(("100", TicketScript.Input().RunId), (status.CommentId, status.Run.RunId)));
    }

    [Fact]
    public async Task Wait_ThousandComments_KeepsTheHistoryBounded()
    {
        var run = Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        for (var i = 0; i < 1000 && !ending.IsCompleted; i++) run.Tell(new Signal($"d{i}", SignalKind.Nothing));

        await ending;
        var state = Assert.IsType<TicketRunState>(run.ContinuedWith);
        Assert.Equal("question/1", state.Wait?.Topic);
        Assert.InRange(run.Calls.Count, 100, 2 * TicketStory.LongestHistory);

        // It goes on waiting where it was: nothing is asked again.
        var next = TicketScript.Happy(state);
        _ = TicketOrchestrator.RunAsync(next.Context);
        Assert.Empty(next.InputsOf<QuestionsInput>());
        Assert.Equal("Clarify", next.CustomStatus.GetProperty("stage").GetString());
    }

    private static OrchestrationHarness Unclear(int until) => TicketScript.Happy(policy: Policy).On<TriageInput>(
        nameof(AgentActivities.Triage), triage => triage.Round < until
            ? new TriageCard($"triage/{triage.Round}", TriageVerdict.Unclear, "No expected result.", 2, "same", "Rita")
            : new TriageCard($"triage/{triage.Round}", TriageVerdict.Ready, "Clear.", 0));

    private static OrchestrationHarness NeedsApproval(RunPolicy? policy = null) => TicketScript.Happy(policy: policy ?? Policy).On<PlanInput>(
        nameof(AgentActivities.Plan), plan => new PlanCard($"plan/{plan.Round}", 8, [TicketScript.Card("T1")], "its complexity is 8"));
}
