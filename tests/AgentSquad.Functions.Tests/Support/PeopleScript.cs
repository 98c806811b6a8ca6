using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>Runs that need people.</summary>
internal static class PeopleScript
{
    /// <summary>Reminds after one and three days, asks the boss after five, gives up after ten.</summary>
    public static RunPolicy Policy { get; } = new()
    {
        LooksWhenDue = true,
        Reminders = new ReminderOptions
        {
            RemindAfter = [TimeSpan.FromDays(1), TimeSpan.FromDays(3)], EscalateAfter = TimeSpan.FromDays(5), EscalateTo = "boss", GiveUpAfter = TimeSpan.FromDays(10),
        },
    };

    /// <summary>A ticket that is clear only to a late triage.</summary>
    /// <param name="until">Number of the first triage that finds it ready.</param>
    public static OrchestrationHarness Unclear(int until) => TicketScript.Happy(policy: Policy).On<TriageInput>(
        nameof(AgentActivities.Triage), triage => triage.Round < until
            ? new TriageCard($"triage/{triage.Round}", TriageVerdict.Unclear, "No expected result.", 2, "same", "Rita")
            : new TriageCard($"triage/{triage.Round}", TriageVerdict.Ready, "Clear.", 0));

    /// <summary>A plan of one task that a person has to approve.</summary>
    public static OrchestrationHarness NeedsApproval(RunPolicy? policy = null) => TicketScript.Happy(policy: policy ?? Policy).On<PlanInput>(
        nameof(AgentActivities.Plan), plan => new PlanCard($"plan/{plan.Round}", 8, [TicketScript.Card("T1")], "its complexity is 8"));

    /// <summary>A person wrote something that only some may read.</summary>
    public static Signal Unread(string commentId) => new($"d-{commentId}", SignalKind.Unread) { CommentId = commentId };
}
