using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;
using CsCheck;

namespace AgentSquad.Core.Tests.Planning;

public sealed class TaskGraphTests
{
    private static readonly WorkLimits Wide = new() { PerRun = 100, PerRoleDefault = 100 };

    [Fact]
    public void Ready_AnyValidPlan_EndsWithEveryTaskDoneWithinTheLimits() =>
        Gen.Select(Plans.Valid, Gen.Int[0, 4], Gen.Int[1, 2], Gen.Int[0, 1000]).Sample((plan, perRun, perRole, seed) =>
        {
            var limits = new WorkLimits { PerRun = perRun, PerRoleDefault = perRole };
            var states = new Dictionary<string, TaskState>();
            var done = 0;
            for (var step = 0; done < plan.Tasks.Count; step++)
            {
                foreach (var task in TaskGraph.Ready(plan.Tasks, states, limits))
                {
                    Assert.All(task.DependsOn, id => Assert.Equal(TaskState.Completed, states[id]));
                    Assert.True(states.TryAdd(task.Id, TaskState.InProgress));
                }

                var running = plan.Tasks.Where(task => states.GetValueOrDefault(task.Id) == TaskState.InProgress).ToList();
                Assert.InRange(running.Count, 1, Math.Max(1, perRun));
                Assert.All(running.GroupBy(task => task.Role), group => Assert.True(group.Count() <= perRole));
                states[running[(seed + step) % running.Count].Id] = TaskState.Completed;
                done++;
            }
        });

    [Fact]
    public void Ready_RoleWithItsOwnLimit_HoldsIt()
    {
        var plan = Plans.Of(Plans.Task("T1", SquadRole.Tester), Plans.Task("T2", SquadRole.Tester), Plans.Task("T3"));
        var limits = Wide with { PerRole = new Dictionary<SquadRole, int> { [SquadRole.Tester] = 1 } };
        Assert.Equal(["T1", "T3"], TaskGraph.Ready(plan.Tasks, new Dictionary<string, TaskState>(), limits).Select(task => task.Id));
    }

    [Fact]
    public void Ready_FailedDependency_NeverStarts()
    {
        var plan = Plans.Of(Plans.Task("T1"), Plans.Task("T2", dependsOn: "T1"), Plans.Task("T3"));
        var states = new Dictionary<string, TaskState> { ["T1"] = TaskState.Failed };
        Assert.Equal(["T3"], TaskGraph.Ready(plan.Tasks, states, Wide).Select(task => task.Id));
    }

    [Fact]
    public void Dependents_Chain_AreFoundInPlanOrder()
    {
        var plan = Plans.Of(Plans.Task("T1"), Plans.Task("T2", dependsOn: "T1"), Plans.Task("T3"), Plans.Task("T4", dependsOn: ["T3", "T2"]));
        Assert.Equal(["T2", "T4"], TaskGraph.Dependents(plan.Tasks, ["T1"]).Select(task => task.Id));
        Assert.Equal(["T4"], TaskGraph.Dependents(plan.Tasks, ["T3", "T2"]).Select(task => task.Id));
        Assert.Empty(TaskGraph.Dependents(plan.Tasks, ["T4"]));
    }

    [Fact]
    public void FindCycle_Cycle_IsAWalkThatReturns()
    {
        var plan = Plans.Of(Plans.Task("T1", dependsOn: "T3"), Plans.Task("T2", dependsOn: "T1"), Plans.Task("T3", dependsOn: "T2"), Plans.Task("T4", dependsOn: "T2"));
        Assert.Equal(["T1", "T3", "T2", "T1"], TaskGraph.FindCycle(plan.Tasks));
        Assert.Empty(TaskGraph.FindCycle([]));
    }
}
