using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using CsCheck;

namespace AgentSquad.Core.Tests.Escalation;

public sealed class QuestionRoutingTests
{
    private static readonly HashSet<SquadRole> Everyone = [.. Enum.GetValues<SquadRole>()];

    [Fact]
    public void Chain_DeveloperInTheStandardRules_GoesUpToTheProjectManager() => Assert.Equal(
        [SquadRole.TechLead, SquadRole.SolutionArchitect, SquadRole.ProjectManager],
        QuestionRouting.Standard.Chain(SquadRole.BackendDeveloper, QuestionType.Implementation, Everyone));

    [Fact]
    public void Chain_ArchitectureQuestion_GoesToTheArchitectFirst() => Assert.Equal(
        SquadRole.SolutionArchitect, QuestionRouting.Standard.Chain(SquadRole.Tester, QuestionType.Architecture, Everyone)[0]);

    [Fact]
    public void Chain_SquadWithoutTheRole_PassesItOver() => Assert.Equal(
        [SquadRole.ProjectManager],
        QuestionRouting.Standard.Chain(SquadRole.FrontendDeveloper, QuestionType.Default, new HashSet<SquadRole> { SquadRole.ProjectManager }));

    [Fact]
    public void Chain_AnyAskerAndSquad_NeverAsksTheAskerNorARoleTwice() =>
        Gen.Select(Gen.Enum<SquadRole>(), Gen.Enum<QuestionType>(), Gen.Enum<SquadRole>().Array[0, 13]).Sample((asker, type, squad) =>
        {
            var chain = QuestionRouting.Standard.Chain(asker, type, squad.ToHashSet());
            Assert.DoesNotContain(asker, chain);
            Assert.Equal(chain.Count, chain.Distinct().Count());
            Assert.All(chain, role => Assert.Contains(role, squad));
        });

    [Fact]
    public void Chain_HigherPriority_Wins()
    {
        var routing = new QuestionRouting([new(null, QuestionType.Default, 0, SquadRole.TechLead), new(null, QuestionType.Default, 0, SquadRole.Tester, 1)]);
        Assert.Equal([SquadRole.Tester], routing.Chain(SquadRole.BackendDeveloper, QuestionType.Data, Everyone));
    }

    [Fact]
    public void Validate_StandardRules_HaveNoProblems() => Assert.Empty(QuestionRouting.Standard.Validate());

    [Fact]
    public void Validate_BrokenChains_AreNamed()
    {
        var routing = new QuestionRouting(
        [
            new(SquadRole.Tester, QuestionType.Default, 1, SquadRole.TechLead),
            new(null, QuestionType.Default, 0, SquadRole.TechLead),
            new(null, QuestionType.Default, 2, SquadRole.TechLead),
        ]);
        var problems = routing.Validate();
        Assert.Equal(3, problems.Count);
        Assert.Contains("no level 0", problems[0], StringComparison.Ordinal);
        Assert.Contains("leaves out a level", problems[1], StringComparison.Ordinal);
        Assert.Contains("asks a role twice", problems[2], StringComparison.Ordinal);
    }
}
