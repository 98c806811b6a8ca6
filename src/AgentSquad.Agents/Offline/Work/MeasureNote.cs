using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>The AI/ML project manager's output: measure, baseline, data and the point at which to stop.</summary>
internal static class MeasureNote
{
    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        writer.Section("Measure",
            "One figure that says whether users are better off; not the model's own score alone",
            "Baseline: today's way, or the simplest rule that could work, measured on the same cases",
            "An evaluation set of at least 50 real cases, hard and refused ones included, kept apart from what the model is built on");
        writer.Section("What has to be shown", context.TicketCriteria.Select(criterion => MarkdownText.Inline(criterion, 300)));
        writer.Section("Data",
            "Where each source comes from, who allows its use, and how long it is kept",
            "Personal data is left out or replaced before it leaves the system");
        writer.Section("Guard rails",
            "A limit on cost and time per request, and what happens at the limit",
            "Wrong answers can be reported by users and are looked at",
            "The feature can be switched off without a release");
        writer.Heading("Stop when").Paragraph("Two rounds of improvement do not beat the baseline, or the data may not be used as planned.");
        return context.EvidenceInSection("Measure");
    }
}
