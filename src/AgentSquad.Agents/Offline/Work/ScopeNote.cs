using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>The project manager's output: what belongs to the ticket, what does not, and what is assumed.</summary>
internal static class ScopeNote
{
    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        writer.Heading("Aim").Paragraph(MarkdownText.Inline(context.Reading.Summary, 300));
        writer.Section("In scope", context.TicketCriteria.Select(criterion => MarkdownText.Inline(criterion, 300)));
        var outside = Items(context, SectionKind.OutOfScope);
        writer.Section("Out of scope", outside.Count > 0 ? outside : ["Everything that the list above does not name"]);
        writer.Section("Assumptions", Assumptions(context));
        writer.Section("Open points, for the reporter", Items(context, SectionKind.Open));
        return context.EvidenceInSection("Assumptions");
    }

    private static IEnumerable<string> Assumptions(WorkContext context)
    {
        if (context.Reading.Criteria.Origin == CriteriaOrigin.Assumed)
        {
            yield return "The summary says all that is wanted";
        }
        else if (context.Reading.Criteria.Origin == CriteriaOrigin.Derived)
        {
            yield return "The acceptance criteria that were read out of the text are all there are";
        }

        yield return "What the ticket does not mention stays as it is today";
        if (string.IsNullOrEmpty(context.Request.Ticket.Priority))
        {
            yield return "It has no special urgency";
        }

        foreach (var (criterion, word) in context.TicketCriteria
            .Select(criterion => (criterion, Triage.VagueWords.Find(criterion)))
            .Where(pair => pair.Item2 is not null))
        {
            yield return $"\"{word}\" in \"{MarkdownText.Inline(criterion, 160)}\" means: {Triage.VagueWords.Assume(word!)}";
        }
    }

    private static List<string> Items(WorkContext context, SectionKind kind) => context.Reading.Sections
        .Where(section => section.Kind == kind)
        .SelectMany(section => section.Lines)
        .Where(line => line.Kind != LineKind.Code && line.Text.Length > 0)
        .Take(10)
        .Select(line => MarkdownText.Inline(line.Text, 300))
        .ToList();
}
