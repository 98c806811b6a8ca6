using System.Text.RegularExpressions;
using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;

namespace AgentSquad.Functions.Activities;

/// <summary>Checks that a plan is one that a run can carry out, whoever made it.</summary>
internal static partial class PlanCheck
{
    /// <summary>Why not, one sentence; null when it is usable.</summary>
    public static string? WhyUnusable(SquadPlan plan) =>
        // Ids become part of instance ids and blob names.
        plan.Tasks.FirstOrDefault(task => !TaskId().IsMatch(task.Id)) is not null
            ? "A task's id is not made of up to 20 letters, digits, '-' and '_'."
            : PlanValidator.Validate(plan, []) is [var problem, ..] ? problem : null;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,20}$")]
    private static partial Regex TaskId();
}
