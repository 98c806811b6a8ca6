using System.Text.RegularExpressions;
using AgentSquad.Core.Squad;

namespace AgentSquad.Functions.Activities;

/// <summary>Checks that a plan is one that a run can carry out, whoever made it.</summary>
internal static partial class PlanCheck
{
    private const int MostTasks = 50;

    /// <summary>Why not, a clause without a full stop; null when it is usable.</summary>
    public static string? WhyUnusable(SquadPlan plan)
    {
        if (plan.Tasks.Count is 0 or > MostTasks) return $"it has {plan.Tasks.Count} tasks, and 1 to {MostTasks} are possible";
        if (plan.Tasks.Any(task => !TaskId().IsMatch(task.Id))) return "a task has no usable id";
        var ids = plan.Tasks.Select(task => task.Id).ToHashSet(StringComparer.Ordinal);
        if (ids.Count != plan.Tasks.Count) return "two tasks have the same id";
        if (plan.Tasks.Any(task => task.DependsOn.Any(id => !ids.Contains(id)))) return "a task depends on one that does not exist";
        return HasCycle(plan) ? "its tasks depend on each other in a circle" : null;
    }

    private static bool HasCycle(SquadPlan plan)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var rest = plan.Tasks.ToList();
        while (rest.RemoveAll(task => task.DependsOn.All(done.Contains) && done.Add(task.Id)) > 0)
        {
            // Each turn takes away the tasks whose dependencies are gone.
        }

        return rest.Count > 0;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,20}$")]
    private static partial Regex TaskId();
}
