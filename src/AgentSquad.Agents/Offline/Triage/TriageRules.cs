using System.Globalization;
using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Readiness;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Triage;

/// <summary>Judges readiness by rules over the rubric.</summary>
internal static class TriageRules
{
    private const int EnoughWordsForProblem = 6;
    private const int LargeTicket = 12;

    private static readonly string[] OpenMarks = ["tbd", "tba", "to be decided", "to be defined", "to be clarified", "not yet decided", "open question"];

    public static TriageResult Judge(TriageRequest request)
    {
        var reading = TicketReading.Of(request.Ticket, request.Conversation);
        if (Infeasible(reading) is { } demand)
        {
            return new(
                TriageVerdict.NotFeasible,
                $"Everything that the ticket asks for is something no system can meet (\"{demand}\"); it needs a limit that can be measured.",
                reading.Criteria.Items,
                ["Which measurable limit would be good enough?"],
                ["Replace the absolute demand by a figure."]);
        }

        var answered = request.Conversation.Any(note => Meaning.IsEnough(note.Text));
        IReadOnlyList<ReadinessFinding> findings =
        [
            Problem(reading),
            Contradictory(reading, answered),
            Expected(reading),
            Acceptance(reading),
            Scope(reading, answered),
            Size(reading, request.Ticket.IssueType),
        ];
        return ReadinessRubric.Judge(findings, reading.Criteria.Items);
    }

    private static string? Infeasible(TicketReading reading)
    {
        var demands = reading.Criteria.Items.Select(AbsoluteDemands.Find).ToList();
        return demands.TrueForAll(demand => demand is not null) ? demands[0] : null;
    }

    private static ReadinessFinding Problem(TicketReading reading)
    {
        var inText = Meaning.Words(reading.Text);
        if (!Meaning.IsEnough(reading.Summary) && inText < EnoughWordsForProblem - 1)
        {
            var isEmpty = reading.Summary.Length == 0 && reading.Text.Length == 0;
            return new(
                ReadinessAspect.Problem,
                ReadinessLevel.Missing,
                isEmpty ? "the ticket is empty" : "neither summary nor description says what it is about");
        }

        return reading.Text.Length == 0
            ? new(ReadinessAspect.Problem, ReadinessLevel.Weak, "there is no description, so the summary alone is taken at its word")
            : inText < EnoughWordsForProblem
                ? new(ReadinessAspect.Problem, ReadinessLevel.Weak, "the description is very short")
                : Good(ReadinessAspect.Problem);
    }

    private static ReadinessFinding Contradictory(TicketReading reading, bool answered)
    {
        var statements = reading.Criteria.Items.Concat(reading.Text.Split('\n').SelectMany(line => line.Split('.')).Take(2_000));
        if (Contradiction.Find(statements) is not { } found)
        {
            return Good(ReadinessAspect.Contradictions);
        }

        var (one, other) = (MarkdownText.OneLine(found.One, 120), MarkdownText.OneLine(found.Other, 120));
        return new(
            ReadinessAspect.Contradictions,
            answered ? ReadinessLevel.Weak : ReadinessLevel.Missing,
            answered ? "two statements contradict each other; the answer on the ticket is taken to settle it" : "two statements contradict each other",
            $"\"{one}\" and \"{other}\" contradict each other. Which one holds?",
            $"Drop one of \"{one}\" and \"{other}\".");
    }

    private static ReadinessFinding Expected(TicketReading reading) =>
        reading.Criteria.Origin != CriteriaOrigin.Assumed || reading.HasSection(SectionKind.Expected)
            ? Good(ReadinessAspect.ExpectedResult)
            : new(ReadinessAspect.ExpectedResult, ReadinessLevel.Weak, "the expected result is not described");

    private static ReadinessFinding Acceptance(TicketReading reading)
    {
        var vague = reading.Criteria.Items
            .Select(item => (Item: item, Word: VagueWords.Find(item)))
            .FirstOrDefault(pair => pair.Word is not null);
        var absolute = reading.Criteria.Items.Select(AbsoluteDemands.Find).FirstOrDefault(demand => demand is not null);
        return reading.Criteria.Origin switch
        {
            CriteriaOrigin.Assumed => new(
                ReadinessAspect.AcceptanceCriteria, ReadinessLevel.Weak, "there are no acceptance criteria, so the summary stands in for them"),
            _ when absolute is not null => new(
                ReadinessAspect.AcceptanceCriteria,
                ReadinessLevel.Weak,
                $"\"{absolute}\" is something no system can meet",
                $"Which measurable limit would be good enough instead of \"{absolute}\"?",
                $"Replace \"{absolute}\" by a figure."),
            _ when vague.Word is not null => new(
                ReadinessAspect.AcceptanceCriteria,
                ReadinessLevel.Weak,
                $"\"{vague.Word}\" in an acceptance criterion cannot be checked",
                $"What exactly does \"{vague.Word}\" mean in \"{MarkdownText.OneLine(vague.Item, 120)}\"?",
                $"Replace \"{vague.Word}\" by a figure or an example."),
            CriteriaOrigin.Derived => new(
                ReadinessAspect.AcceptanceCriteria, ReadinessLevel.Weak, "the acceptance criteria are derived from the text, since none are listed"),
            _ => Good(ReadinessAspect.AcceptanceCriteria),
        };
    }

    private static ReadinessFinding Scope(TicketReading reading, bool answered)
    {
        var open = reading.Sections
            .Where(section => section.Kind == SectionKind.Open)
            .SelectMany(section => section.Lines)
            .FirstOrDefault(line => line.Text.Length > 0).Text;
        if (!string.IsNullOrEmpty(open) && !answered)
        {
            return new(
                ReadinessAspect.Scope, ReadinessLevel.Weak, "the ticket lists open questions", MarkdownText.OneLine(open, 200), "Settle the open questions.");
        }

        var mark = reading.Words.Among(OpenMarks).FirstOrDefault();
        return mark is null || answered
            ? Good(ReadinessAspect.Scope)
            : new(ReadinessAspect.Scope, ReadinessLevel.Weak, $"something is still open (\"{mark}\")", "What is still to be decided, and by whom?");
    }

    private static ReadinessFinding Size(TicketReading reading, string issueType)
    {
        var count = reading.Criteria.Items.Count + reading.Criteria.LeftOut;
        if (string.Equals(issueType, "Epic", StringComparison.OrdinalIgnoreCase))
        {
            return new(ReadinessAspect.Size, ReadinessLevel.Weak, "an epic is usually several pieces of work");
        }

        var note = reading.Criteria.LeftOut > 0
            ? string.Create(CultureInfo.InvariantCulture, $"of {count} acceptance criteria the first {CriteriaReader.Most} are taken")
            : string.Create(CultureInfo.InvariantCulture, $"{count} acceptance criteria are many for one ticket");
        return count > LargeTicket ? new(ReadinessAspect.Size, ReadinessLevel.Weak, note) : Good(ReadinessAspect.Size);
    }

    private static ReadinessFinding Good(ReadinessAspect aspect) => new(aspect, ReadinessLevel.Good, "");
}
