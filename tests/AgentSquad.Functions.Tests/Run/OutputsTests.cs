using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>What a run leaves on its ticket: comments, sub-tasks, files, the specification.</summary>
public sealed class OutputsTests
{
    private static readonly string[] CommentWriters =
    [
        nameof(CommentActivities.PublishQuestions), nameof(CommentActivities.PublishApproval), nameof(CommentActivities.PublishDecisionRequest),
        nameof(CommentActivities.PublishTaskQuestion), nameof(CommentActivities.PublishReminder), nameof(CommentActivities.PublishReply),
        nameof(CommentActivities.PublishDelivery), nameof(CommentActivities.PublishFailure),
    ];

    [Fact]
    public async Task Comments_HappyRun_AreOneStatusAndOneDelivery()
    {
        var run = TicketScript.Happy();

        await TicketOrchestrator.RunAsync(run.Context);

        Assert.Equal([nameof(CommentActivities.PublishDelivery)], NewComments(run));
        Assert.Single(run.InputsOf<StatusInput>(), status => status.CommentId is null);
    }

    [Fact]
    public async Task Comments_ClarifyReminderApproveAndAnsweredCommand_AreOneMoreEach()
    {
        var run = TicketScript.Happy()
            .On<TriageInput>(nameof(AgentActivities.Triage), triage => triage.Round == 1
                ? new TriageCard("triage/1", TriageVerdict.Unclear, "No expected result.", 2, "same", "Rita")
                : new TriageCard("triage/2", TriageVerdict.Ready, "Clear.", 0))
            .On<PlanInput>(nameof(AgentActivities.Plan), plan => new PlanCard($"plan/{plan.Round}", 8, [TicketScript.Card("T1")], "its complexity is 8"));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Advance(TimeSpan.FromDays(2));
        run.Tell(TicketScript.Note());
        run.Tell(TicketScript.Command(CommandKind.Status));
        run.Tell(TicketScript.Command(CommandKind.Approve));

        Assert.Equal("Deliver", await ending);
        Assert.Equal(
            [
                nameof(CommentActivities.PublishQuestions), nameof(CommentActivities.PublishReminder), nameof(CommentActivities.PublishApproval),
                nameof(CommentActivities.PublishReply), nameof(CommentActivities.PublishDelivery),
            ],
            NewComments(run));
        Assert.Single(run.InputsOf<StatusInput>(), status => status.CommentId is null);
    }

    [Fact]
    public async Task Subtasks_Enabled_FollowTheWork()
    {
        var run = TicketScript.Happy(policy: new RunPolicy { HasSubTasks = true });

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Single(run.InputsOf<SubtasksInput>());
        Assert.Equal(
            ["501 In Progress", "501 Done, 502 In Progress, 503 In Progress", "502 Done, 503 Done"],
            run.InputsOf<MoveSubtasksInput>().Select(input => string.Join(", ", input.Statuses.Select(status => $"{status.Key} {status.Value}"))));
    }

    [Fact]
    public async Task Subtasks_BoardRefuses_TheStatusSaysSoAndTheWorkGoesOn()
    {
        var run = TicketScript.Happy(policy: new RunPolicy { HasSubTasks = true, StatusInterval = TimeSpan.Zero })
            .On<SubtasksInput>(nameof(BoardActivities.EnsureSubtasks), _ => new SubtasksCard(new Dictionary<string, string>(), "The board does not show every task."));
        var work = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task.Id == "T1"
            ? work.Task
            : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, "out", 1));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        Assert.Equal("The board does not show every task.", run.InputsOf<StatusInput>().Last().Status.Detail);
        work.SetResult(new SquadTaskResult("T1", SquadTaskOutcome.Done, "out", 1));

        Assert.Equal("Deliver", await ending);
        Assert.Empty(run.InputsOf<MoveSubtasksInput>());
    }

    [Fact]
    public async Task Deliver_FilesAndPage_AreNamedInTheComment()
    {
        var run = TicketScript.Happy(policy: new RunPolicy { Attaches = true, WritesPage = true });

        await TicketOrchestrator.RunAsync(run.Context);

        var comment = run.Calls.Single(call => call.Name == nameof(CommentActivities.PublishDelivery)).Input;
        Assert.Equal(["T1-output.md", "Page"], Assert.IsType<DeliveryInput>(comment).Artifacts.Select(artifact => artifact.Name));
    }

    [Fact]
    public async Task Specification_AfterAnswers_IsWrittenBackOnce()
    {
        var run = TicketScript.Happy(policy: new RunPolicy { WritesSpecification = true }).On<TriageInput>(
            nameof(AgentActivities.Triage), triage => triage.Round == 1
                ? new TriageCard("triage/1", TriageVerdict.Unclear, "No expected result.", 2, "same", "Rita")
                : new TriageCard("triage/2", TriageVerdict.Ready, "Clear.", 0));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.Tell(TicketScript.Note());

        await ending;

        Assert.Equal("triage/2", Assert.Single(run.InputsOf<SpecificationInput>()).TriageStep);
    }

    [Fact]
    public async Task Specification_NothingWasAsked_IsNotWritten()
    {
        var run = TicketScript.Happy(policy: new RunPolicy { WritesSpecification = true });

        await TicketOrchestrator.RunAsync(run.Context);

        Assert.Empty(run.InputsOf<SpecificationInput>());
    }

    [Fact]
    public async Task End_StopThatCannotBeWritten_IsNotedForTheTimerThatCorrectsIt()
    {
        var run = TicketScript.Happy().On<PlanInput>(nameof(AgentActivities.Plan), _ => new TaskCompletionSource<object?>().Task);
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.On<StatusInput>(
            nameof(CommentActivities.PublishStatus), _ => OrchestrationHarness.Failure("PublishStatus", new PermanentStepException("Forbidden.")));

        run.Tell(TicketScript.Command(CommandKind.Stop));

        await Assert.ThrowsAsync<RunEndedException>(() => ending);
        Assert.Equal("Stopped", run.CustomStatus.GetProperty("stage").GetString());
        Assert.True(run.CustomStatus.GetProperty("isUnwritten").GetBoolean());
    }

    private static IEnumerable<string> NewComments(OrchestrationHarness run) => run.Calls.Select(call => call.Name).Where(CommentWriters.Contains);
}
