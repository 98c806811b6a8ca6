using System.Globalization;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Checks;

/// <summary>Checks every criterion of the ticket: it is covered when a task claims it with evidence and a test design names it too.</summary>
internal static class VerificationRules
{
    public static VerificationResult Verify(VerifyRequest request)
    {
        var results = request.AcceptanceCriteria.Select(criterion => VerifyOne(criterion, request)).ToList();
        var gaps = results.Where(result => !result.Met).ToList();
        var verdict = gaps.Count == 0 ? VerificationVerdict.Approved
            : gaps.TrueForAll(gap => gap.TaskId is not null) ? VerificationVerdict.NeedsFixes
            : VerificationVerdict.Blocked;
        var covered = results.Count - gaps.Count;
        return new(verdict, results, string.Create(
            CultureInfo.InvariantCulture,
            $"{covered} of {results.Count} acceptance {(results.Count == 1 ? "criterion" : "criteria")} covered by specification and test design."));
    }

    private static CriterionResult VerifyOne(string criterion, VerifyRequest request)
    {
        var owners = request.Plan.Tasks.Where(task => task.AcceptanceCriteria.Contains(criterion, StringComparer.Ordinal)).ToList();
        if (owners.Count == 0)
        {
            return new(criterion, Met: false, "no task of the plan has this criterion");
        }

        var gap = owners.Find(task => Evidence(task, criterion, request) is null);
        if (gap is not null)
        {
            return new(criterion, Met: false, $"{gap.Id} gives no evidence for it", gap.Id);
        }

        return new(criterion, Met: true, string.Join("; ", owners.Select(task => Evidence(task, criterion, request))));
    }

    private static string? Evidence(PlannedTask task, string criterion, VerifyRequest request) =>
        request.Outputs.LastOrDefault(output => output.TaskId == task.Id)?
            .Evidence.FirstOrDefault(evidence => evidence.Criterion == criterion)?.Evidence is { Length: > 0 } text
            ? text
            : null;
}
