using AgentSquad.Core.Policies;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests.Policies;

public sealed class WithdrawalPolicyTests
{
    private static readonly Ticket Before = TestTickets.Of("Summary") with { Labels = ["agentsquad", "x"], Assignee = new("bot", "AgentSquad") };
    private static readonly TicketStatus Done = new("10003", "Done", StatusCategory.Done);

    [Fact]
    public void Judge_NothingTakenAway_Continues() =>
        Assert.Equal(new(Withdrawal.Continue, ""), Judge(Before with { Summary = "Other", Labels = ["AgentSquad"] }));

    [Fact]
    public void Judge_Closed_Stops() => Assert.Equal(new(Withdrawal.Stop, "a person moved the ticket to `Done`"), Judge(Before with { Status = Done }));

    [Fact]
    public void Judge_LabelRemoved_Stops() => Assert.Equal(new(Withdrawal.Stop, "the label `agentsquad` was removed"), Judge(Before with { Labels = ["x"] }));

    [Fact]
    public void Judge_TakenFromTheBot_PausesOnlyWhereAssignmentCounts()
    {
        var now = Before with { Assignee = null };
        Assert.Equal(Withdrawal.Continue, Judge(now).Action);
        var policy = new SquadPolicy { StartOnAssignment = true, BotAccountId = "bot" };
        Assert.Equal(Withdrawal.Pause, WithdrawalPolicy.Default.Judge(new(Before, now), policy).Action);
    }

    [Fact]
    public void Judge_Moved_GoesOnUnderTheNewKeyUnlessThePolicyRefuses()
    {
        var now = Before with { ProjectKey = "OPS", Key = "OPS-7" };
        Assert.Equal(new(Withdrawal.Continue, "the ticket goes on as `OPS-7`"), Judge(now));
        var policy = new SquadPolicy { Filter = new() { Projects = ["TEST"] } };
        Assert.Equal(Withdrawal.Stop, WithdrawalPolicy.Default.Judge(new(Before, now), policy).Action);
    }

    [Fact]
    public void Judge_PolicySaysContinue_PassesOverToTheNextReason()
    {
        var policy = WithdrawalPolicy.Default with { OnClosed = Withdrawal.Continue, OnLabelRemoved = Withdrawal.Pause };
        Assert.Equal(Withdrawal.Pause, policy.Judge(new(Before, Before with { Status = Done, Labels = [] }), SquadPolicy.Default).Action);
    }

    [Fact]
    public void Asked_Changes_AreNamed()
    {
        Assert.Empty(new TicketChanges(Before, Before with { Labels = ["X", "agentsquad"], Status = Done }).Asked);
        Assert.Equal(["summary", "priority"], new TicketChanges(Before, Before with { Summary = "y", Priority = "Low" }).Asked);
        var fields = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["a"] };
        Assert.Equal(["Team"], new TicketChanges(Before, Before with { Fields = fields }).Asked);
    }

    [Fact]
    public void For_ProjectWithItsOwnPolicy_WinsIgnoringCase()
    {
        var own = new SquadPolicy { TriggerLabel = "ops" };
        var set = new SquadPolicySet(SquadPolicy.Default, new Dictionary<string, SquadPolicy> { ["OPS"] = own });
        Assert.Same(own, set.For("ops"));
        Assert.Same(SquadPolicy.Default, set.For(null));
    }

    private static WithdrawalDecision Judge(Ticket now) => WithdrawalPolicy.Default.Judge(new(Before, now), SquadPolicy.Default);
}
