using AgentSquad.Core.Readiness;
using AgentSquad.Core.Squad;
using CsCheck;

namespace AgentSquad.Core.Tests.Readiness;

public sealed class ReadinessRubricTests
{
    private static readonly Gen<ReadinessFinding[]> Findings =
        Gen.Select(Gen.Enum<ReadinessAspect>(), Gen.Enum<ReadinessLevel>()).Select(pair => new ReadinessFinding(pair.Item1, pair.Item2, "a note")).Array[0, 8];

    [Fact]
    public void Judge_AnyFindings_KeepsToTheContract() => Findings.Sample(findings =>
    {
        var result = ReadinessRubric.Judge(findings, ["c"]);
        Assert.InRange(result.Questions.Count, result.Verdict == TriageVerdict.Ready ? 0 : 1, result.Verdict == TriageVerdict.Ready ? 0 : 5);
        Assert.True(result.Improvements.Count <= 10);
        Assert.Equal(["c"], result.AcceptanceCriteria);
        Assert.EndsWith(".", result.Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void Judge_MissingProblem_IsUnclearAndAskedFirst()
    {
        var result = ReadinessRubric.Judge(
            [new(ReadinessAspect.Size, ReadinessLevel.Weak, "big"), new(ReadinessAspect.Problem, ReadinessLevel.Missing, "it says nothing", "What is it about?")], []);
        Assert.Equal(TriageVerdict.Unclear, result.Verdict);
        Assert.Equal("What is it about?", result.Questions[0]);
        Assert.Equal("Work cannot start yet: it says nothing.", result.Reason);
    }

    [Fact]
    public void Judge_MissingCriteria_CanStartWithAssumptions() => Assert.Equal(
        TriageVerdict.NeedsImprovement,
        ReadinessRubric.Judge([new(ReadinessAspect.AcceptanceCriteria, ReadinessLevel.Missing, "none")], []).Verdict);

    [Fact]
    public void Judge_NothingFound_IsReady() => Assert.Equal(TriageVerdict.Ready, ReadinessRubric.Judge([], ["c"]).Verdict);

    [Fact]
    public void Rows_EveryAspect_HasOne() => Assert.Equal(Enum.GetValues<ReadinessAspect>(), ReadinessRubric.Rows.Select(row => row.Aspect));
}
