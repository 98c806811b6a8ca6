using AgentSquad.Agents.Offline.Triage;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class TriageRulesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("test")]
    [InlineData("asdf asdfasdf")]
    [InlineData("TODO")]
    [InlineData("Please fix it")]
    [InlineData("???")]
    [InlineData("New ticket")]
    public void Judge_MeaninglessTicket_IsUnclearAndAsks(string summary)
    {
        var result = Judge(Tickets.Of(summary));
        Assert.Equal(TriageVerdict.Unclear, result.Verdict);
        Assert.InRange(result.Questions.Count, 1, 5);
    }

    [Theory]
    [InlineData("Unit test summary")]
    [InlineData("Login broken")]
    [InlineData("Export der Bestellliste als CSV")]
    [InlineData("注文一覧をエクスポート")]
    public void Judge_MeaningfulSummaryAlone_StartsWithAssumptions(string summary)
    {
        var result = Judge(Tickets.Of(summary));
        Assert.Equal(TriageVerdict.NeedsImprovement, result.Verdict);
        Assert.Contains(summary, Assert.Single(result.AcceptanceCriteria), StringComparison.Ordinal);
        Assert.NotEmpty(result.Improvements);
    }

    [Fact]
    public void Judge_CompleteTicket_IsReadyWithoutQuestions()
    {
        var result = Judge(Tickets.Export());
        Assert.Equal(TriageVerdict.Ready, result.Verdict);
        Assert.Empty(result.Questions);
        Assert.Empty(result.Improvements);
    }

    [Fact]
    public void Judge_AnswerToAnUnclearTicket_GoesOn()
    {
        var ticket = Tickets.Of("Fix it");
        Assert.Equal(TriageVerdict.Unclear, Judge(ticket, "yes").Verdict);
        Assert.Equal(TriageVerdict.Unclear, Judge(ticket, "/squad status").Verdict);
        var result = Judge(ticket, "The export button on the orders page does nothing.\n\nAcceptance criteria:\n- A click on export downloads the file");
        Assert.NotEqual(TriageVerdict.Unclear, result.Verdict);
        Assert.Equal(["A click on export downloads the file"], result.AcceptanceCriteria);
    }

    [Fact]
    public void Judge_Contradiction_AsksWhichHoldsUntilSomeoneAnswers()
    {
        var ticket = Tickets.Of("Guests in the shop", "Guests order more often than members do.\n\n## AC\n- Guests must see prices\n- Guests must not see prices");
        var result = Judge(ticket);
        Assert.Equal(TriageVerdict.Unclear, result.Verdict);
        Assert.Equal("\"Guests must see prices\" and \"Guests must not see prices\" contradict each other. Which one holds?", result.Questions[0]);
        Assert.Equal(TriageVerdict.NeedsImprovement, Judge(ticket, "Guests are shown no prices at all").Verdict);
    }

    [Fact]
    public void Judge_VagueCriterion_AsksForAFigure()
    {
        var result = Judge(Tickets.Of("Search takes long", "Users wait for results on the search page.\n\n## AC\n- The search page is fast\n- Results are sorted"));
        Assert.Equal(TriageVerdict.NeedsImprovement, result.Verdict);
        Assert.Contains("\"fast\"", result.Questions[0], StringComparison.Ordinal);
        Assert.Equal(TriageVerdict.Ready, Judge(Tickets.Of(
            "Search takes long", "Users wait for results on the search page.\n\n## AC\n- The search page is fast: 1 second")).Verdict);
    }

    [Fact]
    public void Judge_OnlyImpossibleDemands_IsNotFeasible()
    {
        var result = Judge(Tickets.Of("Zero latency everywhere", "Our users hate to wait for pages.\n\n## AC\n- The site has zero latency"));
        Assert.Equal(TriageVerdict.NotFeasible, result.Verdict);
        Assert.Contains("zero latency", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OpenQuestions_AreAsked()
    {
        var result = Judge(Tickets.Of(
            "Export the order list", "Customers copy their orders by hand.\n\n## AC\n- A file is downloaded\n\n## Open questions\n- Which separator?"));
        Assert.Equal(TriageVerdict.NeedsImprovement, result.Verdict);
        Assert.Equal(["Which separator?"], result.Questions);
    }

    [Fact]
    public void Judge_ManyCriteria_AdvisesToSplit()
    {
        var criteria = string.Concat(Enumerable.Range(1, 14).Select(i => $"- Report {i} shows its total\n"));
        var result = Judge(Tickets.Of("Reports show totals", "Managers add totals by hand every week.\n\n## AC\n" + criteria));
        Assert.Equal(["Split the ticket; it is more than one piece of work."], result.Improvements);
    }

    private static TriageResult Judge(Ticket ticket, params string[] answers) =>
        TriageRules.Judge(new(ticket, answers.Select(Tickets.Note).ToList()));
}
