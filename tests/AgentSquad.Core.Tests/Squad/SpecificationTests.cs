using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using CsCheck;

namespace AgentSquad.Core.Tests.Squad;

public sealed class SpecificationTests
{
    private static readonly TriageResult Triage = new(TriageVerdict.Ready, "Clear.", ["It exports"], [], ["Name a limit"]);

    [Fact]
    public void Render_AnsweredTicket_HasCriteriaAnswersAndAssumptions()
    {
        var text = Specification.Render(
            TestTickets.Of("Export"), Triage, [new TicketNote(new Person("r", "Rita"), "As CSV, # please", DateTimeOffset.UnixEpoch)], "offline rules");

        Assert.Contains("- It exports", text, StringComparison.Ordinal);
        Assert.Contains("Rita: As CSV, \\# please", text, StringComparison.Ordinal);
        Assert.Contains("- Name a limit", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Put_Twice_ReplacesTheSectionInPlace()
    {
        var once = Specification.Put("What people wrote.", "first");
        var twice = Specification.Put(once + "\n\nAdded below.", "second");

        Assert.DoesNotContain("first", twice, StringComparison.Ordinal);
        Assert.Equal("What people wrote.\n\nAdded below.", Specification.Strip(twice));
    }

    [Fact]
    public void Strip_EndWasDeleted_KeepsWhatFollowsTheNextHeading()
    {
        var cut = Specification.Put("Above.", "ours").Replace("*End of the clarified specification*", "## Theirs\n\nBelow.", StringComparison.Ordinal);

        Assert.Equal("Above.\n\n## Theirs\n\nBelow.", Specification.Strip(cut));
    }

    [Fact]
    public void Strip_AnyDescriptionWithASection_IsWhatItWasBefore() => Gen.String[Gen.Char["ab#* \n"], 0, 60].Sample(description =>
        Specification.Strip(Specification.Put(description, "text")) == Specification.Strip(description).TrimEnd());
}
