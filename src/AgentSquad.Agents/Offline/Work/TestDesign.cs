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
            var cases = Cases(reading, criterion, context).Where(line => line.Length > 0).ToList();
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

    private static IEnumerable<string> Cases(CriterionReading reading, string criterion, WorkContext context)
    {
        foreach (var scenario in Scenarios(reading, context))
        {
            yield return scenario;
        }

        var details = CriterionDetails.Of(criterion);
        yield return details.Values.Count == 0 ? "" : $"Check one by one: {string.Join("; ", details.Values)}";
        yield return details.ExactWords.Count == 0 ? "" : $"The words are exactly: {string.Join("; ", details.ExactWords)}";
        yield return details.OnlyFor is null || reading.Actor is not null ? "" : $"Given what is outside \"{details.OnlyFor}\", when the same is tried, then it is refused or left out";
        foreach (var figure in details.Figures)
        {
            yield return figure.TestCase;
        }

        foreach (var edge in EdgeCases.Found(new WordIndex(criterion)).Take(EdgeCasesPerCriterion))
        {
            yield return $"Edge: {edge}";
        }
    }

    private static IEnumerable<string> Scenarios(CriterionReading reading, WorkContext context)
    {
        var given = reading.Given ?? "the test data below";
        var steps = context.IsBug ? context.ReproductionSteps : [];
        if (reading.Actor is not null)
        {
            yield return $"Given {given}, when {reading.Actor} tries to {reading.Action}, then it works";
            yield return $"Given someone who is not {reading.Actor}, when they try to {reading.Action}, then it is refused, with the reason, and nothing has changed";
        }
        else if (reading.When is not null)
        {
            yield return $"Given {given}, when {reading.When}, then {reading.Then}";
            yield return $"Given {given}, when it is not so that {reading.When}, then everything is as it was before this ticket";
        }
        else if (steps.Count > 0)
        {
            var before = steps.Count > 1 ? $"the steps \"{string.Join("\", \"", steps.Take(steps.Count - 1))}\"" : given;
            yield return $"Given {before}, when \"{steps[^1]}\", then: {reading.Then ?? reading.Text}";
        }
        else
        {
            yield return $"Given {given}, when someone does what the ticket is about ({MarkdownText.Inline(context.Reading.Summary, 120)}), " +
                $"then: {reading.Then ?? reading.Text}";
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
