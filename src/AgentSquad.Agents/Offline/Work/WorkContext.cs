using System.Globalization;
using AgentSquad.Agents.Offline.Planning;
using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Agents.Offline.Triage;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>What every writer of a task output needs.</summary>
internal sealed class WorkContext(ImplementRequest request, TicketReading reading)
{
    private readonly Lazy<TechnicalNames> _names = new(() => TechnicalNames.Find(request.Ticket.Description.Length > 200_000
        ? request.Ticket.Summary + "\n" + request.Ticket.Description[..200_000]
        : request.Ticket.Summary + "\n" + request.Ticket.Description));

    public ImplementRequest Request => request;

    public PlannedTask Task => request.Task;

    public TicketReading Reading => reading;

    public TechnicalNames Names => _names.Value;

    /// <summary>Criteria of the ticket, as the plan spreads them.</summary>
    public IReadOnlyList<string> TicketCriteria => request.Plan.Tasks
        .Where(task => task.Role == SquadRole.Tester || RoleDetector.Builders.Contains(task.Role))
        .SelectMany(task => task.AcceptanceCriteria)
        .Distinct(StringComparer.Ordinal)
        .ToList();

    /// <summary>Tasks that build something.</summary>
    public IReadOnlyList<PlannedTask> BuildTasks => request.Plan.Tasks.Where(task => RoleDetector.Builders.Contains(task.Role)).ToList();

    /// <summary>Criteria of this task that hold a word nobody can check.</summary>
    public IEnumerable<(string Criterion, string Word)> VagueCriteria => Task.AcceptanceCriteria
        .Select(criterion => (Criterion: criterion, Word: VagueWords.Find(criterion)))
        .Where(pair => pair.Word is not null)
        .Select(pair => (pair.Criterion, pair.Word!));

    public bool IsBug => string.Equals(request.Ticket.IssueType, "Bug", StringComparison.OrdinalIgnoreCase);

    /// <summary>The ticket's steps to reproduce, escaped for Markdown; empty when it names none.</summary>
    public IReadOnlyList<string> ReproductionSteps => reading.Sections
        .Where(section => section.Kind == SectionKind.Steps)
        .SelectMany(section => section.Lines)
        .Where(line => line.Kind is not LineKind.Code && line.Text.Length > 0)
        .Take(12)
        .Select(line => MarkdownText.Inline(line.Text, 240))
        .ToList();

    /// <summary>Components and names in code that the ticket mentions, as list items.</summary>
    public IEnumerable<string> AffectedAreas()
    {
        foreach (var component in request.Ticket.Components.Take(10))
        {
            yield return $"Component {MarkdownText.Inline(component, 80)}";
        }

        foreach (var (kind, names) in new[] { ("Endpoint", Names.Endpoints), ("File", Names.Files), ("Name in code", Names.Identifiers) })
        {
            foreach (var name in names.Take(8))
            {
                yield return $"{kind} {MarkdownText.Inline(name, 120)}";
            }
        }
    }

    /// <summary>Evidence that points to one section of the output per criterion.</summary>
    public IReadOnlyList<CriterionEvidence> EvidencePerCriterion(string what) => Task.AcceptanceCriteria
        .Select((criterion, i) => new CriterionEvidence(
            criterion, string.Create(CultureInfo.InvariantCulture, $"{what} in {Task.Id}, section \"Criterion {i + 1}\"")))
        .ToList();

    /// <summary>Evidence that points to the output as a whole: for tasks with a criterion of their own.</summary>
    public IReadOnlyList<CriterionEvidence> EvidenceInSection(string section) => Task.AcceptanceCriteria
        .Select(criterion => new CriterionEvidence(criterion, $"{Task.Id}, section \"{section}\""))
        .ToList();
}
