using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Planning;

/// <summary>Questions about the graph that the tasks of a plan form. Pure and deterministic: orchestrators may ask them during replay.</summary>
public static class TaskGraph
{
    /// <summary>The tasks that may start now, in the plan's order.</summary>
    /// <param name="tasks">The tasks of the plan.</param>
    /// <param name="states">State by task id; a task without one is pending.</param>
    /// <param name="limits">How many tasks may run at once. A blocked or failed task takes no place.</param>
    public static IReadOnlyList<T> Ready<T>(IReadOnlyList<T> tasks, IReadOnlyDictionary<string, TaskState> states, WorkLimits limits)
        where T : IGraphTask
    {
        TaskState StateOf(string id) => states.GetValueOrDefault(id);
        var running = tasks.Where(task => StateOf(task.Id) is TaskState.InProgress or TaskState.InReview).ToList();
        var byRole = running.GroupBy(task => task.Role).ToDictionary(group => group.Key, group => group.Count());
        var free = Math.Max(1, limits.PerRun) - running.Count;
        var ready = new List<T>();
        foreach (var task in tasks.Where(task =>
            StateOf(task.Id) == TaskState.Pending && task.DependsOn.All(id => StateOf(id) == TaskState.Completed)))
        {
            var ofRole = byRole.GetValueOrDefault(task.Role);
            if (ready.Count < free && ofRole < limits.For(task.Role))
            {
                byRole[task.Role] = ofRole + 1;
                ready.Add(task);
            }
        }

        return ready;
    }

    /// <summary>The tasks that wait for a task, directly or not, in the plan's order: what has to be done again when it is.</summary>
    /// <param name="tasks">The tasks of the plan.</param>
    /// <param name="id">Id of the task.</param>
    public static IReadOnlyList<PlannedTask> Dependents(IReadOnlyList<PlannedTask> tasks, string id)
    {
        var waiting = new HashSet<string>(StringComparer.Ordinal) { id };
        for (var grown = true; grown;)
        {
            grown = tasks.Any(task => task.DependsOn.Any(waiting.Contains) && waiting.Add(task.Id));
        }

        return tasks.Where(task => task.Id != id && waiting.Contains(task.Id)).ToList();
    }

    /// <summary>One cycle, as ids in the order of waiting with the first repeated at the end; empty when there is none.</summary>
    /// <param name="tasks">The tasks of the plan; dependencies on unknown ids are passed over.</param>
    public static IReadOnlyList<string> FindCycle(IReadOnlyList<PlannedTask> tasks)
    {
        // Take away what waits for nothing until nothing changes; whoever is left waits for someone who is left.
        var left = tasks.GroupBy(task => task.Id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        for (var shrunk = true; shrunk;)
        {
            var free = left.Values.Where(task => !task.DependsOn.Any(left.ContainsKey)).Select(task => task.Id).ToList();
            free.ForEach(id => left.Remove(id));
            shrunk = free.Count > 0;
        }

        if (tasks.FirstOrDefault(task => left.ContainsKey(task.Id)) is not { } start)
        {
            return [];
        }

        var path = new List<string>();
        for (var id = start.Id; ; id = left[id].DependsOn.First(left.ContainsKey))
        {
            var at = path.IndexOf(id);
            path.Add(id);
            if (at >= 0)
            {
                return path[at..];
            }
        }
    }

    /// <summary>Hours of the longest chain of tasks: how long the work takes with enough people.</summary>
    /// <param name="tasks">The tasks of a valid plan.</param>
    public static double CriticalHours(IReadOnlyList<PlannedTask> tasks)
    {
        var ends = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var grown = true; grown;)
        {
            var next = tasks.FirstOrDefault(task => !ends.ContainsKey(task.Id) && task.DependsOn.All(ends.ContainsKey));
            grown = next is not null;
            if (next is not null)
            {
                ends[next.Id] = next.Estimate.Hours + next.DependsOn.Select(id => ends[id]).DefaultIfEmpty(0).Max();
            }
        }

        return ends.Values.DefaultIfEmpty(0).Max();
    }
}
