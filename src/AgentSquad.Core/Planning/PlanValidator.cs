using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Core.Planning;

/// <summary>Checks that a plan can be worked on, whoever made it.</summary>
public static class PlanValidator
{
    /// <summary>Most tasks of a plan.</summary>
    public const int MostTasks = 50;

    private const int ShortestTitle = 3;

    /// <summary>Finds what is wrong with a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="criteria">The ticket's acceptance criteria, each of which some task has to have; empty to leave this out.</param>
    /// <returns>One sentence per problem, fit for a log or for the agent that has to plan again; empty for a valid plan.</returns>
    public static IReadOnlyList<string> Validate(SquadPlan plan, IReadOnlyList<string> criteria)
    {
        var problems = new List<string>();
        if (plan.Tasks.Count is 0 or > MostTasks)
        {
            problems.Add(plan.Tasks.Count == 0 ? "The plan has no tasks." : $"The plan has {plan.Tasks.Count} tasks; {MostTasks} is the limit.");
        }

        if (plan.Complexity is < Complexity.Lowest or > Complexity.Highest)
        {
            problems.Add($"The complexity {plan.Complexity} is not between {Complexity.Lowest} and {Complexity.Highest}.");
        }

        problems.AddRange(plan.Tasks.GroupBy(task => task.Id, StringComparer.Ordinal)
            .Where(group => group.Count() > 1).Select(group => $"The id {Short(group.Key)} occurs more than once."));
        problems.AddRange(plan.Tasks.SelectMany(task => CheckTask(task, plan)));
        if (problems.Count == 0 && TaskGraph.FindCycle(plan.Tasks) is { Count: > 0 } cycle)
        {
            problems.Add($"The tasks {string.Join(" -> ", cycle.Select(Short))} wait for each other.");
        }

        problems.AddRange(criteria
            .Where(criterion => !plan.Tasks.Any(task => task.AcceptanceCriteria.Contains(criterion, StringComparer.Ordinal)))
            .Select(criterion => $"No task has the acceptance criterion \"{Short(criterion)}\"."));
        return problems;
    }

    private static IEnumerable<string> CheckTask(PlannedTask task, SquadPlan plan)
    {
        if (string.IsNullOrWhiteSpace(task.Id))
        {
            yield return "A task has no id.";
        }

        if (task.Title.Trim().Length < ShortestTitle)
        {
            yield return $"The task {Short(task.Id)} has no title that says something.";
        }

        if (!Enum.IsDefined(task.Role))
        {
            yield return $"The task {Short(task.Id)} has a role that does not exist.";
        }

        if (task.AcceptanceCriteria.All(string.IsNullOrWhiteSpace))
        {
            yield return $"The task {Short(task.Id)} does not say when it is done.";
        }

        if (!double.IsFinite(task.Estimate.Hours) || task.Estimate.Hours < 0)
        {
            yield return $"The estimate of the task {Short(task.Id)} is not a number of hours.";
        }

        foreach (var id in task.DependsOn.Where(id => plan.Tasks.All(other => other.Id != id)))
        {
            yield return $"The task {Short(task.Id)} waits for {Short(id)}, which is not in the plan.";
        }

        if (task.DependsOn.Contains(task.Id, StringComparer.Ordinal))
        {
            yield return $"The task {Short(task.Id)} waits for itself.";
        }
    }

    private static string Short(string text) => MarkdownText.OneLine(text, 80);
}
