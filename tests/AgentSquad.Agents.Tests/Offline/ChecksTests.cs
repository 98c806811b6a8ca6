using AgentSquad.Agents.Offline.Checks;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class ChecksTests
{
    private static readonly PlannedTask Task = new("T1", "Title", "", SquadRole.BackendDeveloper, ["It sorts"], [], new(1, Confidence.Low));
    private static readonly TaskOutput Good = new("T1", "Done", new string('x', 100), [new("It sorts", "section 1")]);

    [Fact]
    public void Review_GoodOutput_IsApproved() => Assert.Equal(ReviewVerdict.Approved, Review(Good).Verdict);

    [Fact]
    public void Review_Weaknesses_AreNamed()
    {
        Assert.Contains("too little", Assert.Single(Review(Good with { Content = " x \n" }).Reasons), StringComparison.Ordinal);
        Assert.Contains("\"It sorts\"", Assert.Single(Review(Good with { Evidence = [] }).Reasons), StringComparison.Ordinal);
        Assert.Contains("not to T1", Assert.Single(Review(Good with { TaskId = "T2" }).Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_MissingEvidence_NamesTheTask()
    {
        var result = Verify(["It sorts"], Good with { Evidence = [] });
        Assert.Equal(VerificationVerdict.NeedsFixes, result.Verdict);
        Assert.Equal("T1", Assert.Single(result.Criteria).TaskId);
    }

    [Fact]
    public void Verify_CriterionOfNoTask_NeedsAPerson() => Assert.Equal(VerificationVerdict.Blocked, Verify(["It sorts", "It prints"], Good).Verdict);

    [Fact]
    public void Verify_AllThere_IsApprovedWithEvidence()
    {
        var result = Verify(["It sorts"], Good);
        Assert.Equal(VerificationVerdict.Approved, result.Verdict);
        Assert.Equal("section 1", Assert.Single(result.Criteria).Detail);
    }

    private static ReviewResult Review(TaskOutput output) => ReviewRules.Review(new(Tickets.Of("x"), Task, output, 1));

    private static VerificationResult Verify(string[] criteria, TaskOutput output) =>
        VerificationRules.Verify(new(Tickets.Of("x"), criteria, new("", [Task], 1, []), [output]));
}
