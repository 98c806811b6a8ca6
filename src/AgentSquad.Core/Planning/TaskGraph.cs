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

    /// <summary>The tasks that build on others, directly or not, in the plan's order: what has to be done again when those are.</summary>
    /// <param name="tasks">The tasks of the plan.</param>
    /// <param name="ids">Ids of the others; they are not among the result.</param>
    public static IReadOnlyList<T> Dependents<T>(IReadOnlyList<T> tasks, IReadOnlyCollection<string> ids)
        where T : IGraphTask
    {
        var changed = new HashSet<string>(ids, StringComparer.Ordinal);
        for (var grown = true; grown;)
        {
            grown = tasks.Any(task => task.DependsOn.Any(changed.Contains) && changed.Add(task.Id));
        }

        return tasks.Where(task => changed.Contains(task.Id) && !ids.Contains(task.Id)).ToList();
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
}
