using System.Globalization;
using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>Writes the output of a task: a document for the developer who takes the work from here.</summary>
internal static class TaskWriter
{
    public static TaskOutput Write(ImplementRequest request)
    {
        var reading = TicketReading.Of(request.Ticket, request.Notes);
        var context = new WorkContext(request, reading);
        var writer = new MarkdownWriter();
        writer.Paragraph(MarkdownText.Inline(request.Task.Description, 400));
        var evidence = WriteBody(context, writer);
        WriteFigures(context, writer);
        writer.Section("Said on the ticket meanwhile", request.Notes.TakeLast(10).Select(note => MarkdownText.Inline(note.Text, 300)));
        writer.Section("Asked within the squad", request.Answers.Select(answer =>
            $"{MarkdownText.Inline(answer.Question.Text, 300)} The {RoleNames.Of(answer.Responder)}: {MarkdownText.Inline(answer.Text, 300)}"));
        writer.Section("Asked for in review", request.Feedback.Select(item => MarkdownText.Inline(item, 400)));
        return new(request.Task.Id, Summarize(request, evidence.Count), writer.ToString(), evidence);
    }

    private static IReadOnlyList<CriterionEvidence> WriteBody(WorkContext context, MarkdownWriter writer) => context.Task.Role switch
    {
        SquadRole.Tester => TestDesign.Write(context, writer),
        SquadRole.ProjectManager => ScopeNote.Write(context, writer),
        SquadRole.TechLead => WorkBreakdown.Write(context, writer),
        SquadRole.SolutionArchitect => ArchitectureNote.Write(context, writer),
        SquadRole.Designer => InteractionNote.Write(context, writer),
        SquadRole.AiMlProjectManager => MeasureNote.Write(context, writer),
        _ => BuildSpecification.Write(context, writer),
    };

    // The reviewer asks for these when a criterion has a word that nobody can check; stating them at once would hide that from the reporter.
    private static void WriteFigures(WorkContext context, MarkdownWriter writer)
    {
        if (context.Request.Round > 1)
        {
            writer.Section("Figures assumed", context.VagueCriteria.Select(pair =>
                $"\"{pair.Word}\" in \"{MarkdownText.Inline(pair.Criterion, 160)}\" is taken to mean: {Triage.VagueWords.Assume(pair.Word)}"));
        }
    }

    private static string Summarize(ImplementRequest request, int criteria)
    {
        var what = request.Task.Role switch
        {
            SquadRole.Tester => "Test cases",
            SquadRole.ProjectManager => "Scope and assumptions",
            SquadRole.TechLead => "Work breakdown",
            SquadRole.SolutionArchitect => "Design of parts and contracts",
            SquadRole.Designer => "Interaction and states",
            SquadRole.AiMlProjectManager => "Measures of success",
            _ => "Specification",
        };
        var covered = string.Create(CultureInfo.InvariantCulture, $"{criteria} {(criteria == 1 ? "criterion" : "criteria")}");
        var round = request.Round > 1 ? string.Create(CultureInfo.InvariantCulture, $", round {request.Round}") : "";
        return $"{what} for {covered}{round}";
    }
}
