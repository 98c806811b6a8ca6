using System.Globalization;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>The output of a building role: its criteria taken apart, the steps of its craft, interfaces and a checklist.</summary>
internal static class BuildSpecification
{
    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        var role = context.Task.Role;
        for (var i = 0; i < context.Task.AcceptanceCriteria.Count; i++)
        {
            var reading = CriterionReading.Of(context.Task.AcceptanceCriteria[i]);
            writer.SubHeading(string.Create(CultureInfo.InvariantCulture, $"Criterion {i + 1}"));
            writer.Paragraph($"**{reading.Text}**");
            writer.Bullets(Parts(reading));
        }

        writer.Heading("Steps for each criterion").Numbers(RoleSteps.For(role));
        writer.Section("Interface notes", InterfaceNotes(context));
        writer.Section("Checklist", RoleSteps.Checklist(role));
        return context.EvidencePerCriterion("specified");
    }

    private static IEnumerable<string> Parts(CriterionReading reading)
    {
        yield return reading.Given is null ? "" : $"Holds before: {reading.Given}";
        yield return reading.When is null ? "" : $"Happens: {reading.When}";
        yield return reading.Then is null ? "" : $"Must follow: {reading.Then}";
        yield return reading.Actor is null ? "" : $"Who: {reading.Actor}; everyone else is refused";
        yield return reading.Action is null ? "" : $"What: {reading.Action}";
    }

    private static IEnumerable<string> InterfaceNotes(WorkContext context)
    {
        foreach (var endpoint in context.Names.Endpoints.Take(8))
        {
            yield return $"{MarkdownText.Inline(endpoint, 120)}: keep what callers rely on; new fields are optional";
        }

        foreach (var note in RoleSteps.Interfaces(context.Task.Role))
        {
            yield return note;
        }
    }
}
