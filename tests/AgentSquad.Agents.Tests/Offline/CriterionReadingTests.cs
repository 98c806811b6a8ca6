using AgentSquad.Agents.Offline.Work;
using CsCheck;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class CriterionReadingTests
{
    [Fact]
    public void Of_Scenario_IsTakenApart()
    {
        var reading = CriterionReading.Of("Given a user, when they sign out, then the session ends");
        Assert.Equal(("a user", "they sign out", "the session ends"), (reading.Given, reading.When, reading.Then));
    }

    [Fact]
    public void Of_Condition_IsTakenApart()
    {
        var reading = CriterionReading.Of("If the list is empty, a hint is shown.");
        Assert.Equal((null, "the list is empty", "a hint is shown"), (reading.Given, reading.When, reading.Then));
    }

    [Fact]
    public void Of_Ability_NamesActorAndAction()
    {
        var reading = CriterionReading.Of("A signed-in customer can export the list");
        Assert.Equal(("a signed-in customer", "export the list"), (reading.Actor, reading.Action));
    }

    [Fact]
    public void Of_Statement_StaysWhole()
    {
        var reading = CriterionReading.Of("The *file* is small");
        Assert.Equal(@"The \*file\* is small", reading.Text);
        Assert.True(reading is { Given: null, When: null, Then: null, Actor: null, Action: null });
    }

    [Theory]
    [InlineData("The file has one line per order: order number, date and total", "order number|date|total")]
    [InlineData("The file has the columns number, date, total and status", "number|date|total|status")]
    [InlineData("Names with commas, quotes and line breaks arrive unharmed", "")]
    [InlineData("It is small and quick", "")]
    public void Details_Enumeration_IsFound(string criterion, string expected) =>
        Assert.Equal(expected, string.Join('|', CriterionDetails.Of(criterion).Values));

    [Theory]
    [InlineData("10,000 orders are exported in less than 5 seconds", "Just below, at and just above: 9,999, 10,000 and 10,001 orders|Measure 20 times with as much data as in use: none takes longer than 5 seconds")]
    [InlineData("95% of the pages load", "Count over at least 200 cases: the share is on the right side of 95 %")]
    [InlineData("It answers 404 when nothing is found in 2026", "")]
    public void Details_Figures_BecomeTests(string criterion, string expected) =>
        Assert.Equal(expected, string.Join('|', CriterionDetails.Of(criterion).Figures.Select(figure => figure.TestCase)));

    [Fact]
    public void Details_ExactWordsAndRestriction_AreFound()
    {
        Assert.Equal(["Export CSV", "Done!"], CriterionDetails.Of("The button \"Export CSV\" becomes “Done!”").ExactWords);
        Assert.Equal("orders of the customer", CriterionDetails.Of("It shows only orders of the customer").OnlyFor);
        Assert.Null(CriterionDetails.Of("The commonly used one").OnlyFor);
    }

    [Fact]
    public void Of_AnyText_DoesNotThrow() => Gen.OneOf(Gen.String, Gen.String.Select(text => $"Given {text} when {text}, then \"{text}\": {text}, 5 {text}")).Sample(text =>
    {
        Assert.NotNull(CriterionReading.Of(text));
        Assert.NotNull(CriterionDetails.Of(text));
    });
}
