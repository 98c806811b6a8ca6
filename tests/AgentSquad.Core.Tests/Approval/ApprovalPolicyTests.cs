using AgentSquad.Core.Approval;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests.Approval;

public sealed class ApprovalPolicyTests
{
    private static readonly Person Rita = new("rita", "Rita");
    private static readonly Person Omar = new("omar", "Omar");
    private static readonly Ticket Ticket = TestTickets.Of("Summary") with { Reporter = Rita, Assignee = new("ann", "Ann"), Labels = ["Needs-Approval"] };

    [Theory]
    [InlineData(ApprovalMode.Never, 10, false)]
    [InlineData(ApprovalMode.Always, 1, true)]
    [InlineData(ApprovalMode.ByComplexity, 5, false)]
    [InlineData(ApprovalMode.ByComplexity, 6, true)]
    [InlineData(ApprovalMode.ByLabel, 1, true)]
    [InlineData(ApprovalMode.ByProject, 1, true)]
    public void WhyNeeded_Mode_AsksWithAReason(ApprovalMode mode, int complexity, bool asks)
    {
        var policy = new ApprovalPolicy { Mode = mode, Projects = ["test"] };
        var why = policy.WhyNeeded(Ticket, Plans.Of(Plans.Task("T1")) with { Complexity = complexity });
        Assert.Equal(asks, why is not null);
    }

    [Fact]
    public void WhyNeeded_OtherLabelOrProject_DoesNotAsk()
    {
        var plan = Plans.Of(Plans.Task("T1"));
        Assert.Null(new ApprovalPolicy { Mode = ApprovalMode.ByLabel, Labels = ["risky"] }.WhyNeeded(Ticket, plan));
        Assert.Null(new ApprovalPolicy { Mode = ApprovalMode.ByProject, Projects = ["OPS"] }.WhyNeeded(Ticket, plan));
    }

    [Fact]
    public void Judge_ReporterAndAssignee_MayByDefaultAndNobodyElse()
    {
        Assert.True(DecisionRight.Default.Judge(Rita, Ticket, null).IsGranted);
        Assert.True(DecisionRight.Default.Judge(new("ann", "Somebody Else"), Ticket, null).IsGranted);
        var refused = DecisionRight.Default.Judge(Omar, Ticket, null);
        Assert.False(refused.IsGranted);
        Assert.Equal("only the reporter or the assignee may", refused.Reason);
    }

    [Fact]
    public void Judge_SameNameOtherAccount_IsRefused() => Assert.False(DecisionRight.Default.Judge(new("mallory", "Rita"), Ticket, null).IsGranted);

    [Fact]
    public void Judge_NobodyOrApp_IsRefused()
    {
        Assert.False(DecisionRight.Default.Judge(null, Ticket, null).IsGranted);
        Assert.False(DecisionRight.Default.Judge(new("", ""), Ticket with { Reporter = new("", "") }, null).IsGranted);
        Assert.False(DecisionRight.Default.Judge(Rita with { IsApp = true }, Ticket, null).IsGranted);
    }

    [Fact]
    public void Judge_RoleOrGroup_CountsOnlyWhenTheSiteSaysSo()
    {
        var right = new DecisionRight { Reporter = false, Assignee = false, ProjectRoles = ["Leads"], Groups = ["release"] };
        Assert.True(right.NeedsMembership);
        Assert.Equal("project role `Leads`", right.Judge(Omar, Ticket, new(["leads"], null)).Reason);
        Assert.True(right.Judge(Omar, Ticket, new(null, ["Release"])).IsGranted);
        Assert.True(right.Judge(Omar, Ticket, new(null, [])) is { IsGranted: false, IsUnknown: true });
        Assert.True(right.Judge(Omar, Ticket, null) is { IsGranted: false, IsUnknown: true });
        Assert.True(right.Judge(Omar, Ticket, new([], [])) is { IsGranted: false, IsUnknown: false });
    }

    [Fact]
    public void Judge_EmptyRight_RefusesEveryone()
    {
        var none = new DecisionRight { Reporter = false, Assignee = false };
        Assert.Equal(DecisionVerdict.Refused("only nobody may"), none.Judge(Rita, Ticket, new(["a"], ["b"])));
    }
}
