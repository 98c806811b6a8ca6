using AgentSquad.Core.Squad;
using CsCheck;

namespace AgentSquad.Core.Tests;

/// <summary>Plans for tests.</summary>
internal static class Plans
{
    /// <summary>Acyclic plans: a task depends only on earlier ones.</summary>
    public static Gen<SquadPlan> Valid { get; } =
        Gen.Select(Gen.Enum<SquadRole>(), Gen.Int.Array[0, 3], Gen.Double[0, 20]).Array[1, 12].Select(parts => Of(
            parts.Select((part, i) => Task(
                Id(i),
                part.Item1,
                part.Item2.Select(number => i == 0 ? -1 : Math.Abs(number % i)).Where(at => at >= 0).Distinct().Select(Id).ToArray()) with
            {
                Estimate = new(part.Item3, Confidence.Low),
            }).ToArray()));

    public static SquadPlan Of(params PlannedTask[] tasks) => new("A plan", tasks, 4, []);

    public static PlannedTask Task(string id, SquadRole role = SquadRole.BackendDeveloper, params string[] dependsOn) =>
        new(id, $"Task {id}", "Do it", role, [$"{id} is done"], dependsOn, new(2, Confidence.Medium));

    private static string Id(int i) => $"T{i + 1}";
}
