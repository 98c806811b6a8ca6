using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Readiness;

/// <summary>One row of the rubric.</summary>
/// <param name="Aspect">The aspect.</param>
/// <param name="StopsWork">Whether work cannot start while it is missing.</param>
/// <param name="Question">The question that a missing or weak aspect raises.</param>
/// <param name="Improvement">The advice that it raises.</param>
public sealed record RubricRow(ReadinessAspect Aspect, bool StopsWork, string Question, string Improvement);

/// <summary>The readiness rubric: the rows as data, and the verdict that follows from findings.</summary>
public static class ReadinessRubric
{
    /// <summary>Most questions that are asked at once.</summary>
    public const int MostQuestions = 5;

    /// <summary>Most improvements that are named.</summary>
    public const int MostImprovements = 10;

    /// <summary>The rows, most important first.</summary>
    public static IReadOnlyList<RubricRow> Rows { get; } =
    [
        new(ReadinessAspect.Problem, StopsWork: true,
            "What is wrong or missing today, for whom, and where does it show?",
            "Describe the problem: who has it, where it shows, what it costs."),
        new(ReadinessAspect.Contradictions, StopsWork: true,
            "The ticket contradicts itself; which statement holds?",
            "Resolve the statements that contradict each other."),
        new(ReadinessAspect.ExpectedResult, StopsWork: false,
            "What should be the case when this is done?",
            "Say what should be the case afterwards, in one or two sentences."),
        new(ReadinessAspect.AcceptanceCriteria, StopsWork: false,
            "How will you check that this is done? Please list two or three acceptance criteria.",
            "Add acceptance criteria as a list under the heading \"Acceptance criteria\"."),
        new(ReadinessAspect.Scope, StopsWork: false,
            "What is not part of this ticket?",
            "Name what is out of scope, and settle what is still open."),
        new(ReadinessAspect.Size, StopsWork: false,
            "Which part should come first?",
            "Split the ticket; it is more than one piece of work."),
    ];

    /// <summary>Judges a ticket by findings.</summary>
    /// <param name="findings">At most one per aspect; an aspect without a finding counts as good.</param>
    /// <param name="criteria">The acceptance criteria as found, derived or assumed.</param>
    public static TriageResult Judge(IReadOnlyList<ReadinessFinding> findings, IReadOnlyList<string> criteria)
    {
        var found = Rows
            .Select(row => (Row: row, Finding: findings.FirstOrDefault(finding => finding.Aspect == row.Aspect)))
            .Where(pair => pair.Finding is { Level: not ReadinessLevel.Good })
            .Select(pair => (pair.Row, Finding: pair.Finding!))
            .ToList();
        var stopping = found.Where(pair => pair.Row.StopsWork && pair.Finding.Level == ReadinessLevel.Missing).ToList();
        var improvements = found.Select(pair => pair.Finding.Improvement ?? pair.Row.Improvement).Take(MostImprovements).ToList();
        if (found.Count == 0)
        {
            return new(TriageVerdict.Ready, "The ticket says what is wrong, what is wanted and how to tell that it is done.", criteria, [], []);
        }

        if (stopping.Count == 0)
        {
            return new(
                TriageVerdict.NeedsImprovement,
                $"Work can start, with stated assumptions: {Notes(found)}.",
                criteria,
                Questions(found),
                improvements);
        }

        // What stops the work is asked first; weak aspects use the rest of the five.
        var ordered = stopping.Concat(found.Except(stopping)).ToList();
        return new(TriageVerdict.Unclear, $"Work cannot start yet: {Notes(stopping)}.", criteria, Questions(ordered), improvements);
    }

    private static List<string> Questions(IEnumerable<(RubricRow Row, ReadinessFinding Finding)> found) =>
        found.Select(pair => pair.Finding.Question ?? pair.Row.Question).Take(MostQuestions).ToList();

    private static string Notes(IEnumerable<(RubricRow Row, ReadinessFinding Finding)> found) =>
        string.Join("; ", found.Select(pair => pair.Finding.Note));
}
