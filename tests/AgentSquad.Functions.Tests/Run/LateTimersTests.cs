using AgentSquad.Core.Commands;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>Timers that are due after an outage: answers that were given meanwhile count, and nobody is given up on at once.</summary>
public sealed class LateTimersTests
{
    [Fact]
    public async Task Clarify_AnswerUnreadAfterElevenDays_Counts()
    {
        var run = PeopleScript.Unclear(until: 2);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        Unread(run, TicketScript.Note());
        AwayFor(run, TimeSpan.FromDays(11));

        Assert.Equal("Deliver", await ending);
        Assert.Empty(run.InputsOf<ReminderInput>());
        Assert.Empty(run.InputsOf<FailureInput>());
        Assert.True(run.InputsOf<InboxInput>().Single(input => input.LooksAtSite).TicketStep.Length > 0);
    }

    [Fact]
    public async Task Approve_ApprovalUnreadWhenTheLastTimerFires_Counts()
    {
        var run = PeopleScript.NeedsApproval();
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.Advance(TimeSpan.FromDays(9));

        Unread(run, TicketScript.Command(CommandKind.Approve));
        run.Advance(TimeSpan.FromDays(1));

        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Clarify_PauseUnreadWhenATimerFires_HoldsTheWait()
    {
        var run = PeopleScript.Unclear(until: 2);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        Unread(run, TicketScript.Command(CommandKind.Pause));
        run.Advance(TimeSpan.FromDays(20));

        Assert.Empty(run.InputsOf<ReminderInput>());
        Assert.False(ending.IsCompleted);
    }

    [Fact]
    public async Task Clarify_EveryTimerMissed_AsksSomeoneElseOnceAndWaitsOneMorePeriod()
    {
        var run = PeopleScript.Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        AwayFor(run, TimeSpan.FromDays(11));
        var reminder = Assert.Single(run.InputsOf<ReminderInput>());
        Assert.Equal((WaitingStepKind.Escalate, 1), (reminder.Kind, reminder.Number));
        Assert.Equal(run.Now.AddDays(1), reminder.Wait.GiveUpAt(reminder.Times));
        run.Advance(TimeSpan.FromHours(23));
        Assert.False(ending.IsCompleted);
        run.Advance(TimeSpan.FromHours(2));

        Assert.Equal("Stopped", await ending);
        Assert.Equal(RunStage.Clarify, Assert.Single(run.InputsOf<FailureInput>()).Stage);
    }

    [Fact]
    public async Task Clarify_LastTimerMissedAgainAndAgain_RemindsEachTimeAnew()
    {
        var run = PeopleScript.Unclear(until: 99);
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.Advance(TimeSpan.FromDays(6));

        AwayFor(run, TimeSpan.FromDays(5));
        AwayFor(run, TimeSpan.FromDays(2));
        Assert.False(ending.IsCompleted);

        Assert.Equal(
            [(WaitingStepKind.Remind, 1), (WaitingStepKind.Remind, 2), (WaitingStepKind.Escalate, 1), (WaitingStepKind.Remind, 3), (WaitingStepKind.Remind, 4)],
            run.InputsOf<ReminderInput>().Select(input => (input.Kind, input.Number)));
        run.Advance(TimeSpan.FromDays(1));
        Assert.Equal("Stopped", await ending);
    }

    [Fact]
    public async Task Clarify_RunThatBeganBefore_KeepsToItsHistory()
    {
        var run = PeopleScript.Unclear(until: 99);
        run.On<OpenInput>(nameof(RunActivities.OpenRun), _ => new OpenCard(PeopleScript.Policy with { LooksWhenDue = false }, Ended: null));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        var read = run.CountOf(nameof(RunActivities.ReadInbox));

        AwayFor(run, TimeSpan.FromDays(11));

        Assert.Equal("Stopped", await ending);
        Assert.Equal((3, read), (run.InputsOf<ReminderInput>().Count(), run.CountOf(nameof(RunActivities.ReadInbox))));
    }

    private static void Unread(OrchestrationHarness run, Signal signal)
    {
        var unread = new Queue<Signal>([signal]);
        run.On<InboxInput>(nameof(RunActivities.ReadInbox), _ => new InboxCard(unread.TryDequeue(out var next) ? [next] : [], HasMore: false));
    }

    // Nothing runs, and then all that is due is due at once.
    private static void AwayFor(OrchestrationHarness run, TimeSpan time)
    {
        run.Now += time;
        run.Advance(TimeSpan.Zero);
    }
}
