using AgentSquad.Core.Commands;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>Questions on the ticket: whoever answers resumes the run, and nobody waits for ever.</summary>
public sealed class ClarifyTests
{
    [Fact]
    public async Task Clarify_Answer_ResumesTheSameRun()
    {
        var run = PeopleScript.Unclear(until: 2);

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
        var run = PeopleScript.Unclear(until: 2);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(new Signal("d1", SignalKind.Edited));

        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Clarify_TalkThatAnswersNothing_DoesNotAskAgain()
    {
        var run = PeopleScript.Unclear(until: 4);
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
        var run = PeopleScript.Unclear(until: 99);
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
    public async Task Wait_ThousandComments_KeepsTheHistoryBounded()
    {
        var run = PeopleScript.Unclear(until: 99);
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

    [Fact]
    public async Task Wait_WokenDuringTheLastStepOfAHistory_IsHeardByTheNext()
    {
        var run = PeopleScript.Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);
        while (run.Calls.Count < TicketStory.LongestHistory - 1) run.Tell(new Signal("d1", SignalKind.Nothing));

        // The reminder is the last step, and the run is told while it is written.
        run.On<ReminderInput>(nameof(CommentActivities.PublishReminder), _ =>
        {
            run.Raise("wake");
            return "106";
        });
        run.Advance(TimeSpan.FromDays(2));
        await ending;

        var next = TicketScript.Happy(Assert.IsType<TicketRunState>(run.ContinuedWith))
            .On<InboxInput>(nameof(RunActivities.ReadInbox), _ => new InboxCard([TicketScript.Command(CommandKind.Stop)], HasMore: false));
        var goingOn = TicketOrchestrator.RunAsync(next.Context);
        Assert.True(goingOn.IsCompleted, "The run waits for an event that has come.");
        Assert.Equal("Stopped", await goingOn);
    }

    [Fact]
    public async Task Clarify_AnswerThatOnlySomeMayRead_IsToldOnceWhereItWasWrittenAndStaysOpen()
    {
        var run = PeopleScript.Unclear(until: 2);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(PeopleScript.Unread("901"));
        run.Advance(TimeSpan.FromDays(2));
        run.Tell(PeopleScript.Unread("902"));

        var reply = Assert.Single(run.InputsOf<ReplyInput>());
        Assert.Equal(("901", ReplyComment.Unread()), (reply.CommentId, reply.Text));
        Assert.Equal(("Clarify", 1), (run.CustomStatus.GetProperty("stage").GetString(), run.CountOf(nameof(CommentActivities.PublishReminder))));
        Assert.False(ending.IsCompleted);

        run.Tell(TicketScript.Note());
        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Approve_RemarkThatOnlySomeMayRead_GetsNoAnswer()
    {
        var run = PeopleScript.NeedsApproval();
        _ = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(PeopleScript.Unread("901"));

        Assert.Empty(run.InputsOf<ReplyInput>());
    }
}
