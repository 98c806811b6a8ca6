using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>The tech lead's output: steps, what they touch, and for a fault how to see it and where to look.</summary>
internal static class WorkBreakdown
{
    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        if (context.IsBug)
        {
            WriteFault(context, writer);
        }

        writer.Heading("Steps").Numbers(Steps(context));
        writer.Section("Affected areas", context.AffectedAreas());
        writer.Section("Watch out for", context.Request.Plan.Risks.Select(risk => MarkdownText.Inline(risk, 240)));
        return context.EvidenceInSection("Steps");
    }

    private static void WriteFault(WorkContext context, MarkdownWriter writer)
    {
        var steps = context.ReproductionSteps;
        writer.Heading("Reproduce");
        if (steps.Count > 0)
        {
            writer.Numbers(steps);
        }
        else
        {
            writer.Paragraph("The ticket names no steps. Start from the summary, on the version and data of the reporter, and write the steps down first.");
        }

        writer.Section("Where to look",
            "The newest change to the affected areas before the fault was first seen",
            "Input at the edges: empty, missing, longest, not of the expected type",
            "Differences between the place where it works and the place where it does not: data, settings, version, rights");
    }

    private static IEnumerable<string> Steps(WorkContext context)
    {
        if (context.IsBug)
        {
            yield return "Write a test that fails because of the fault";
        }

        foreach (var task in context.BuildTasks)
        {
            yield return $"**{task.Id}** {RoleNames.Of(task.Role)}: {string.Join("; ", task.AcceptanceCriteria.Take(4).Select(criterion => MarkdownText.Inline(criterion, 140)))}"
                + (task.AcceptanceCriteria.Count > 4 ? "; and more" : "");
        }

        yield return "Automate the test cases of the QA task, the main case of each criterion first";
        yield return "Review, merge behind the existing checks, and watch the first day in use";
    }
}
