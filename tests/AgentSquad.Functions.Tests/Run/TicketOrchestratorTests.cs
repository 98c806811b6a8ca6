using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

public sealed class TicketOrchestratorTests
{
    [Fact]
    public async Task Run_EverythingGoesWell_GoesThroughTheStagesAndDelivers()
    {
        var run = TicketScript.Happy();

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], run.Stages());
        Assert.Equal(["In Progress", "In Review", "Done"], run.InputsOf<StatusNameInput>().Select(input => input.StatusName));
        Assert.Equal(1, run.CountOf(nameof(CommentActivities.PublishDelivery)));
        Assert.Equal("Deliver", run.InputsOf<StatusInput>().Last().Status.Stage);
        Assert.Equal(1, run.CountOf(nameof(RunActivities.CloseRun)));
        Assert.Equal(["T1", "T2", "T3"], run.CustomStatus.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()));
        Assert.All(run.CustomStatus.GetProperty("tasks").EnumerateArray(), task => Assert.Equal("Completed", task.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Run_QuickRun_WritesTheStatusAtTheStartAndAtTheEndOnly()
    {
        var run = TicketScript.Happy();

        await TicketOrchestrator.RunAsync(run.Context);

        var written = run.InputsOf<StatusInput>().ToList();
        Assert.Equal(["Triage", "Deliver"], written.Select(input => input.Status.Stage));
        Assert.Equal([null, "100"], written.Select(input => input.CommentId));
    }

    [Fact]
    public async Task Run_StagesFarApart_AreEachWrittenToTheStatusComment()
    {
        var run = TicketScript.Happy();
        run.On<TriageInput>(nameof(AgentActivities.Triage), _ =>
        {
            run.Advance(TimeSpan.FromMinutes(1));
            return new TriageCard("triage/1", TriageVerdict.Ready, "Clear.", 0);
        });

        await TicketOrchestrator.RunAsync(run.Context);

        Assert.Equal(["Triage", "Plan", "Deliver"], run.InputsOf<StatusInput>().Select(input => input.Status.Stage));
    }

    [Fact]
    public async Task Run_LongTask_IsShownWhenTheStatusMayBeWrittenAgain()
    {
        var run = TicketScript.Happy();
        var done = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), _ => done.Task);

        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.Advance(TimeSpan.FromSeconds(14));
        Assert.Single(run.InputsOf<StatusInput>());
        run.Advance(TimeSpan.FromSeconds(2));

        var written = run.InputsOf<StatusInput>().Last().Status;
        Assert.Equal("Work", written.Stage);
        Assert.Equal("InProgress", written.Tasks[0].State);
        run.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, run.InputsOf<StatusInput>().Count());
        Assert.False(ending.IsCompleted);
    }

    [Fact]
    public async Task Run_NotFeasible_FailsWithTheReason()
    {
        var run = TicketScript.Happy().On<TriageInput>(
            nameof(AgentActivities.Triage), _ => new TriageCard("triage/1", TriageVerdict.NotFeasible, "It asks for a perpetual motion machine.", 0));

        await Assert.ThrowsAsync<RunEndedException>(() => TicketOrchestrator.RunAsync(run.Context));

        var failure = Assert.Single(run.InputsOf<FailureInput>());
        Assert.Equal(RunStage.Triage, failure.Stage);
        Assert.Contains("perpetual", failure.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PolicyDoesNotAdmitTheTicket_StaysSilent()
    {
        var run = TicketScript.Happy().On<ReadInput>(
            nameof(TicketActivities.ReadTicket), _ => new TicketCard("ticket/1", "OPS-1", "OPS", "A ticket", "To Do", "the project is not admitted"));

        Assert.Equal("Stopped", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Empty(run.InputsOf<StatusInput>());
    }

    [Fact]
    public async Task Work_TaskGraph_RunsAsParallelAsItsDependenciesAllow()
    {
        var run = TicketScript.Happy();
        var work = new Dictionary<string, TaskCompletionSource<object?>>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => (work[task.Task.Id] = new()).Task);

        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Equal(["T1"], work.Keys);
        Finish("T1");
        Assert.Equal(["T1", "T2", "T3"], work.Keys);
        Finish("T3");
        Assert.False(ending.IsCompleted);
        Finish("T2");

        Assert.Equal("Deliver", await ending);
        Assert.Equal(["out/T1"], run.InputsOf<SquadTaskInput>().Single(input => input.Task.Id == "T2").InputSteps);

        void Finish(string id) => work[id].SetResult(new SquadTaskResult(id, SquadTaskOutcome.Done, $"out/{id}", 1));
    }

    [Fact]
    public async Task Work_ManyTasksOfOneRole_KeepsToTheLimits()
    {
        var run = TicketScript.Happy(policy: new RunPolicy { MaxParallelPerRole = 2 });
        var open = new Queue<(string Id, TaskCompletionSource<object?> Work)>();
        run.On<PlanInput>(nameof(AgentActivities.Plan), _ => new PlanCard("plan/1", 3, [.. Enumerable.Range(1, 6).Select(i => TicketScript.Card($"T{i}"))]));
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task =>
        {
            var work = new TaskCompletionSource<object?>();
            open.Enqueue((task.Task.Id, work));
            return work.Task;
        });

        var ending = TicketOrchestrator.RunAsync(run.Context);
        for (var done = 0; done < 6; done++)
        {
            Assert.InRange(open.Count, 1, 2);
            var (id, work) = open.Dequeue();
            work.SetResult(new SquadTaskResult(id, SquadTaskOutcome.Done, $"out/{id}", 1));
        }

        Assert.Equal("Deliver", await ending);
    }

    [Theory]
    [InlineData("T2", true, "T2")]
    [InlineData("T1", true, "T1 T2 T3")]
    [InlineData("T1", false, "T1")]
    public async Task Verify_Gaps_GoBackToWorkOnceWithWhatBuildsOnThem(string gap, bool redoesDependents, string again)
    {
        var run = TicketScript.Happy(policy: new RunPolicy { RedoesDependents = redoesDependents }).On<VerifyInput>(nameof(AgentActivities.Verify), verify => verify.Round == 1
            ? new VerifyCard("verify/1", VerificationVerdict.NeedsFixes, "One gap.", [gap])
            : new VerifyCard("verify/2", VerificationVerdict.Approved, "All met.", []));

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Work", "Verify", "Deliver"], run.Stages());
        var second = run.InputsOf<SquadTaskInput>().Skip(3).ToList();
        Assert.Equal(again, string.Join(' ', second.Select(input => input.Task.Id)));
        Assert.All(second, input => Assert.Equal((2, "verify/1"), (input.Task.Pass, input.VerifyStep)));
        Assert.All(second.Skip(1), input => Assert.Equal(["out/T1/2"], input.InputSteps));
        Assert.Equal(
            ["T1", "T2", "T3"], run.InputsOf<DeliveryInput>().Single().OutputSteps.Select(step => step.Split('/')[1]));
        Assert.Equal(second.Count, run.InputsOf<DeliveryInput>().Single().OutputSteps.Count(step => step.EndsWith("/2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verify_PersonRevises_TellsTheTasksWithGapsOnlyWhy()
    {
        var run = TicketScript.Happy(policy: RunPolicy.Of(new SquadOptions())).On<VerifyInput>(nameof(AgentActivities.Verify), verify => verify.Round < 3
            ? new VerifyCard($"verify/{verify.Round}", VerificationVerdict.NeedsFixes, "One gap.", ["T1"])
            : new VerifyCard("verify/3", VerificationVerdict.Approved, "All met.", []));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Revise, "Use the other export."));

        Assert.Equal("Deliver", await ending);
        Assert.Equal(
            [("T1", 3, "Use the other export."), ("T2", 3, null), ("T3", 3, null)],
            run.InputsOf<SquadTaskInput>().Skip(6).Select(input => (input.Task.Id, input.Task.Pass, input.Task.Request)));
    }

    [Fact]
    public async Task Run_PermanentFailure_SaysWhatHappenedWhatWasKeptAndFails()
    {
        var run = TicketScript.Happy().On<VerifyInput>(
            nameof(AgentActivities.Verify),
            _ => OrchestrationHarness.Failure(nameof(AgentActivities.Verify), new PermanentStepException("Jira refused the token; renew Jira__ApiToken.")));

        var failed = await Assert.ThrowsAsync<RunEndedException>(() => TicketOrchestrator.RunAsync(run.Context));

        Assert.Contains("Jira__ApiToken", failed.Message, StringComparison.Ordinal);
        var comment = Assert.Single(run.InputsOf<FailureInput>());
        Assert.Equal(RunStage.Verify, comment.Stage);
        Assert.Equal(3, comment.Kept.Count);
        Assert.Equal("Failed", run.InputsOf<StatusInput>().Last().Status.Stage);
        Assert.Equal(1, run.CountOf(nameof(RunActivities.CloseRun)));
    }

    [Fact]
    public async Task Run_UnforeseenFailure_TellsPeopleNoInternals()
    {
        var run = TicketScript.Happy().On<PlanInput>(
            nameof(AgentActivities.Plan), _ => OrchestrationHarness.Failure(nameof(AgentActivities.Plan), new InvalidOperationException("AccountKey=abc")));

        await Assert.ThrowsAsync<RunEndedException>(() => TicketOrchestrator.RunAsync(run.Context));

        Assert.DoesNotContain("AccountKey", Assert.Single(run.InputsOf<FailureInput>()).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FailureCannotBeWritten_EndsAllTheSame()
    {
        var gone = OrchestrationHarness.Failure("any", new PermanentStepException("Forbidden."));
        var run = TicketScript.Happy()
            .On<PlanInput>(nameof(AgentActivities.Plan), _ => gone)
            .On<FailureInput>(nameof(CommentActivities.PublishFailure), _ => gone);

        await Assert.ThrowsAsync<RunEndedException>(() => TicketOrchestrator.RunAsync(run.Context));

        Assert.Equal("Failed", run.CustomStatus.GetProperty("stage").GetString());
        Assert.Equal(1, run.CountOf(nameof(RunActivities.CloseRun)));
    }

    [Fact]
    public async Task Run_TicketGone_StopsWithoutAWord()
    {
        var run = TicketScript.Happy().On<StatusNameInput>(
            nameof(TicketActivities.EnsureStatus), _ => OrchestrationHarness.Failure("EnsureStatus", new TicketGoneException("404")));

        Assert.Equal("Stopped", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Empty(run.InputsOf<FailureInput>());
        Assert.Single(run.InputsOf<StatusInput>());
    }

    [Fact]
    public async Task Run_TicketDeletedDuringWork_StopsTheTasksFirst()
    {
        var run = TicketScript.Happy();
        var work = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), _ => work.Task);
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.OnSend = (_, _) => work.SetResult(new SquadTaskResult("T1", SquadTaskOutcome.Stopped, null, 1));

        run.Tell(new Signal("d1", SignalKind.TicketDeleted));

        Assert.Equal("Stopped", await ending);
        Assert.Equal(("task-jira-12345678-10-0123456789ab-work-1-T1-1", SquadTaskOrchestrator.OrderEvent), Assert.Single(run.Sent));
    }

    [Fact]
    public async Task Run_StartRepeatedAfterTheEnd_ShowsTheOldEndAndDoesNothing()
    {
        var ended = new SquadRunStatus("TEST-10", "10", TestEvents.Site, "A ticket", "Deliver", ["Triage", "Deliver"], []);
        var run = TicketScript.Happy().On<OpenInput>(nameof(RunActivities.OpenRun), _ => new OpenCard(new RunPolicy(), ended));

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Equal(["Triage", "Deliver"], run.Stages());
        Assert.Equal([nameof(RunActivities.OpenRun), nameof(RunActivities.CloseRun)], run.Calls.Select(call => call.Name));
    }

    [Fact]
    public async Task Run_StartOfTheNextRunAtTheLastMoment_ContinuesWithIt()
    {
        var next = TicketScript.Input();
        next.RunId = "fedcba9876543210fedcba9876543210";
        var run = TicketScript.Happy().On<CloseInput>(nameof(RunActivities.CloseRun), _ => next);

        await TicketOrchestrator.RunAsync(run.Context);

        Assert.Equal(next.RunId, Assert.IsType<TicketRunState>(run.ContinuedWith).RunId);
    }

    [Fact]
    public async Task Run_MovedTicket_IsShownUnderItsNewKey()
    {
        var run = TicketScript.Happy().On<ReadInput>(
            nameof(TicketActivities.ReadTicket), _ => new TicketCard("ticket/1", "NEW-3", "NEW", "A ticket", "To Do", Refusal: null));

        await TicketOrchestrator.RunAsync(run.Context);

        Assert.Equal("NEW-3", run.CustomStatus.GetProperty("ticket").GetString());
    }

    [Fact]
    public async Task Run_NoTransitionPossible_SaysSoInTheStatus()
    {
        var run = TicketScript.Happy().On<StatusNameInput>(
            nameof(TicketActivities.EnsureStatus), input => new StatusCard(input.StatusName == "Done" ? "No way to Done." : null));

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(run.Context));

        Assert.Equal("No way to Done.", run.InputsOf<StatusInput>().Last().Status.Detail);
    }
}
