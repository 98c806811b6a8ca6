using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;
using CsCheck;

namespace AgentSquad.Core.Tests.Planning;

public sealed class PlanValidatorTests
{
    [Fact]
    public void Validate_ValidPlan_FindsNothing() => Plans.Valid.Sample(plan => Assert.Empty(PlanValidator.Validate(plan, [])));

    [Fact]
    public void Validate_CycleAddedToAnyPlan_IsFoundAndNamed() => Gen.Select(Plans.Valid, Gen.Int[0, 100]).Sample((plan, at) =>
    {
        var first = plan.Tasks[at % plan.Tasks.Count];
        // The new task closes a circle through the chosen one.
        var tasks = plan.Tasks.Select(task => task == first ? task with { DependsOn = [.. task.DependsOn, "X"] } : task)
            .Append(Plans.Task("X", dependsOn: first.Id)).ToArray();
        var problem = Assert.Single(PlanValidator.Validate(Plans.Of(tasks), []));
        Assert.Contains("wait for each other", problem, StringComparison.Ordinal);
    });

    [Fact]
    public void Validate_UnknownDependency_IsNamed() =>
        Assert.Contains("T9, which is not in the plan", Assert.Single(PlanValidator.Validate(Plans.Of(Plans.Task("T1", dependsOn: "T9")), [])), StringComparison.Ordinal);

    [Fact]
    public void Validate_CriterionWithoutTask_IsNamed()
    {
        var plan = Plans.Of(Plans.Task("T1"));
        Assert.Empty(PlanValidator.Validate(plan, ["T1 is done"]));
        Assert.Equal("No task has the acceptance criterion \"It works\".", Assert.Single(PlanValidator.Validate(plan, ["It works"])));
    }

    [Fact]
    public void Validate_BrokenTasks_AreAllFound()
    {
        var broken = Plans.Task("T1", (SquadRole)99, "T1") with { Title = "x", AcceptanceCriteria = [" "], Estimate = new(double.NaN, Confidence.Low) };
        Assert.Equal(5, PlanValidator.Validate(Plans.Of(broken), []).Count);
        Assert.Equal(2, PlanValidator.Validate(new("", [], 11, []), []).Count);
        Assert.Single(PlanValidator.Validate(Plans.Of(Plans.Task("T1"), Plans.Task("T1")), []));
    }
}
