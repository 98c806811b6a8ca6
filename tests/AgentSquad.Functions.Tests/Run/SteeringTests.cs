using AgentSquad.Core.Commands;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>People steer a run that is under way: commands, remarks, and the ticket being taken away.</summary>
public sealed class SteeringTests
{
    [Fact]
    public async Task Pause_DuringWork_HoldsTasksAndStartsNoneUntilResume()
    {
        var run = TicketScript.Happy(policy: PeopleScript.Policy);
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
        var run = PeopleScript.NeedsApproval();
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
    public async Task Pause_AtTheBorderForAThousandRemarks_GoesOnWithTheStageThatItWasHeldBefore()
    {
        var run = PeopleScript.NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);
        var told = new Queue<Signal>([TicketScript.Command(CommandKind.Approve), TicketScript.Command(CommandKind.Pause)]);
        run.On<InboxInput>(nameof(RunActivities.ReadInbox), _ => new InboxCard(told.TryDequeue(out var signal) ? [signal] : [], HasMore: false));
        for (var i = 0; i < 1000 && !ending.IsCompleted; i++) run.Raise("wake");

        await ending;
        var state = Assert.IsType<TicketRunState>(run.ContinuedWith);
        var next = TicketScript.Happy(state);
        var end = TicketOrchestrator.RunAsync(next.Context);
        next.Tell(TicketScript.Command(CommandKind.Resume));

        Assert.Empty(next.InputsOf<ApprovalInput>());
        Assert.Empty(next.InputsOf<PlanInput>());
        Assert.Equal("Deliver", await end);
        Assert.Equal(["Triage", "Plan", "Approve", "Work", "Verify", "Deliver"], next.Stages());
    }

    [Fact]
    public async Task Stop_WhileWaiting_EndsTheRunAndNamesThePerson()
    {
        var run = PeopleScript.Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Stop));

        Assert.Equal("Stopped", await ending);
        Assert.Contains("Rita", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
        Assert.Empty(run.InputsOf<FailureInput>());
    }

    [Fact]
    public async Task Commands_ThatOnlyAsk_GetOneShortAnswerEach()
    {
        var run = PeopleScript.Unclear(until: 99);
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
        var run = TicketScript.Happy(policy: PeopleScript.Policy);
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
        var run = TicketScript.Happy(policy: PeopleScript.Policy);
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
        var failing = TicketScript.Happy(policy: PeopleScript.Policy)
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
        var again = TicketScript.Happy(input).On<OpenInput>(nameof(RunActivities.OpenRun), _ => new OpenCard(PeopleScript.Policy, Ended: null, ended));

        Assert.Equal("Deliver", await TicketOrchestrator.RunAsync(again.Context));

        Assert.Equal("T3", Assert.Single(again.InputsOf<SquadTaskInput>()).Task.Id);
        Assert.Empty(again.InputsOf<TriageInput>());
        Assert.Empty(again.InputsOf<PlanInput>());
        Assert.All(again.InputsOf<StatusInput>(), status => Assert.Equal(("100", TicketScript.Input().RunId), (status.CommentId, status.Run.RunId)));
        // Whoever has to correct the comment for a run that was ended from outside finds it by these.
        Assert.Equal(
            (TicketScript.Input().RunId, "100"), (again.CustomStatus.GetProperty("runId").GetString(), again.CustomStatus.GetProperty("commentId").GetString()));
    }
}
