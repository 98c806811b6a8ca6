using System.Globalization;
using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>QA's output: test cases in Given/When/Then per criterion, with the edge cases that its words bring.</summary>
internal static class TestDesign
{
    private const int EdgeCasesPerCriterion = 3;

    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        var evidence = new List<CriterionEvidence>();
        for (var i = 0; i < context.Task.AcceptanceCriteria.Count; i++)
        {
            var criterion = context.Task.AcceptanceCriteria[i];
            var reading = CriterionReading.Of(criterion);
            var cases = Cases(reading, criterion, context.Reading.Summary).ToList();
            writer.SubHeading(string.Create(CultureInfo.InvariantCulture, $"Criterion {i + 1}"));
            writer.Paragraph($"**{reading.Text}**");
            writer.Bullets(cases);
            evidence.Add(new(criterion, string.Create(
                CultureInfo.InvariantCulture,
                $"{cases.Count} test {(cases.Count == 1 ? "case" : "cases")} in {context.Task.Id}, section \"Criterion {i + 1}\"")));
        }

        if (context.IsBug)
        {
            writer.Section("Regression", "The steps of the ticket, before the fix: red; after it: green", "What worked beside it still works");
        }

        writer.Section("Edge cases for the whole ticket", EdgeCases.For(context.Reading.Words));
        writer.Section("Test data", TestData(context));
        return evidence;
    }

    private static IEnumerable<string> Cases(CriterionReading reading, string criterion, string summary)
    {
        var given = reading.Given ?? "the test data below";
        if (reading.Actor is not null)
        {
            yield return $"Given {reading.Actor} and {given}, when {reading.Actor} tries to {reading.Action}, then it works";
            yield return $"Given someone who is not {reading.Actor}, when they try to {reading.Action}, then it is refused, with the reason, and nothing has changed";
        }
        else if (reading.When is not null)
        {
            yield return $"Given {given}, when {reading.When}, then {reading.Then}";
            yield return $"Given {given}, when it is not so that {reading.When}, then everything is as it was before this ticket";
        }
        else
        {
            yield return $"Given {given}, when someone does what the ticket is about ({MarkdownText.Inline(summary, 120)}), " +
                $"then: {reading.Then ?? reading.Text}";
        }

        foreach (var edge in EdgeCases.Found(new WordIndex(criterion)).Take(EdgeCasesPerCriterion))
        {
            yield return $"Edge: {edge}";
        }
    }

    private static IEnumerable<string> TestData(WorkContext context)
    {
        yield return "One ordinary record, one with every optional value missing, one with the longest allowed values and non-Latin letters";
        if (context.Reading.Words.HasAny(["user", "role", "permission", "admin", "login", "customer", "signed"]))
        {
            yield return "Accounts: with the right, without it, signed out, locked";
        }

        if (context.Names.Endpoints.Count > 0)
        {
            yield return "Requests: valid, missing field, wrong type, twice the same, without credentials";
        }
    }
}
