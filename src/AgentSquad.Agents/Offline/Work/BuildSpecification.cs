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
            var criterion = context.Task.AcceptanceCriteria[i];
            var reading = CriterionReading.Of(criterion);
            writer.SubHeading(string.Create(CultureInfo.InvariantCulture, $"Criterion {i + 1}"));
            writer.Paragraph($"**{reading.Text}**");
            writer.Bullets(Parts(reading, CriterionDetails.Of(criterion)));
        }

        writer.Heading("Steps for each criterion").Numbers(RoleSteps.For(role));
        writer.Section("Interface notes", InterfaceNotes(context));
        writer.Section("Checklist", RoleSteps.Checklist(role));
        return context.EvidencePerCriterion("specified");
    }

    private static IEnumerable<string> Parts(CriterionReading reading, CriterionDetails details)
    {
        yield return reading.Given is null ? "" : $"Holds before: {reading.Given}";
        yield return reading.When is null ? "" : $"Happens: {reading.When}";
        yield return reading.Then is null ? "" : $"Must follow: {reading.Then}";
        yield return reading.Actor is null ? "" : $"Who: {reading.Actor}; everyone else is refused";
        yield return reading.Action is null ? "" : $"What: {reading.Action}";
        yield return details.Values.Count == 0 ? "" : $"Values, each with its type, format and order: {string.Join("; ", details.Values)}";
        yield return details.ExactWords.Count == 0 ? "" : $"Exact words: {string.Join("; ", details.ExactWords)}";
        yield return details.OnlyFor is null || reading.Actor is not null ? "" : $"Restricted to \"{details.OnlyFor}\": decide on the server, and test the refusal";
        foreach (var figure in details.Figures)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Limit to design for: {figure.Value:#,0.##} {figure.Unit}");
        }
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
