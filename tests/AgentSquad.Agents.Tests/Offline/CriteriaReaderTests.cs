using AgentSquad.Agents.Offline.Reading;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class CriteriaReaderTests
{
    [Theory]
    [InlineData("## Acceptance criteria\n- One thing\n- Other thing")]
    [InlineData("**Acceptance Criteria:**\n\n* One thing\n* Other thing\n\n## Notes\n- not this")]
    [InlineData("h3. Acceptance criteria\n1. One thing\n2. Other thing")]
    [InlineData("Acceptance criteria:\n- [ ] One thing\n- [x] Other thing")]
    [InlineData("Definition of Done\n\nOne thing\nOther thing")]
    [InlineData("*AC*\n• One thing\n• Other thing")]
    [InlineData("Some text\nAC1: One thing\nAC 2 - Other thing")]
    [InlineData("> ## Akzeptanzkriterien\n> - One thing\n> - Other thing")]
    [InlineData("To do:\n- [ ] One thing\n- [ ] Other thing")]
    [InlineData("## Acceptance criteria\n- **One** thing\n- `Other` [thing](http://x.example)\n")]
    public void Read_StatedInManyWays_SameCriteria(string description)
    {
        var criteria = Read(description);
        Assert.Equal(["One thing", "Other thing"], criteria.Items);
        Assert.Equal(CriteriaOrigin.Stated, criteria.Origin);
    }

    [Theory]
    [InlineData("Given a user\nWhen they sign out\nThen the session ends")]
    [InlineData("```gherkin\nScenario: sign out\n  Given a user\n  When they sign out\n  Then the session ends\n```")]
    [InlineData("## Acceptance criteria\n- Given a user\n- When they sign out\n- Then the session ends")]
    [InlineData("**Given** a user\n\n**When** they sign out\n\n**Then** the session ends.")]
    public void Read_Scenario_IsOneCriterion(string description) =>
        Assert.Equal("Given a user, when they sign out, then the session ends", Assert.Single(Read(description).Items));

    [Fact]
    public void Read_TwoScenarios_AreTwoCriteria() => Assert.Equal(
        ["Given a, then b, and c", "When d, then e"], Read("Given a\nThen b\nAnd c\n\nWhen d\nThen e").Items);

    [Fact]
    public void Read_NestedItems_JoinTheirParent() => Assert.Equal(
        ["The file has columns; number; date", "It is small"], Read("## AC\n- The file has columns:\n  - number\n  - date\n- It is small").Items);

    [Fact]
    public void Read_ExpectedResult_IsDerived()
    {
        var criteria = Read("## Expected result\nThe list is sorted by date");
        Assert.Equal("The list is sorted by date", Assert.Single(criteria.Items));
        Assert.Equal(CriteriaOrigin.Derived, criteria.Origin);
    }

    [Fact]
    public void Read_Demands_AreDerivedWithoutOutOfScope() => Assert.Equal(
        ["The list must be sorted", "It should load within 2 seconds"],
        Read("Users get lost. The list must be sorted. It should load within 2 seconds.\n\n## Out of scope\nIt must not print").Items);

    [Fact]
    public void Read_UserStory_IsDerived() => Assert.Equal(
        "I want to export orders", Assert.Single(Read("As a customer, I want to export orders, so that I can plan").Items));

    [Fact]
    public void Read_Nothing_TakesTheSummary()
    {
        var criteria = Read("");
        Assert.Equal("What the summary asks for is the case: The summary", Assert.Single(criteria.Items));
        Assert.Equal(CriteriaOrigin.Assumed, criteria.Origin);
    }

    [Fact]
    public void Read_TooMany_SaysHowManyAreLeftOut()
    {
        var criteria = Read("## AC\n" + string.Concat(Enumerable.Range(1, 33).Select(i => $"- Thing number {i}\n")));
        Assert.Equal((20, 13), (criteria.Items.Count, criteria.LeftOut));
    }

    [Theory]
    [InlineData(@"a \* b \_c\_ user_id", "a * b _c_ user_id")]
    [InlineData("**bold** _em_ `code` [text](http://x/y) end", "bold em code text end")]
    [InlineData("tail \\", "tail \\")]
    public void Plain_InlineMarkdown_IsTakenOff(string line, string expected) => Assert.Equal(expected, InlineMarkdown.Plain(line));

    [Fact]
    public void Find_TechnicalNames_AreSorted()
    {
        var names = TechnicalNames.Find("Call `GET /api/orders/{id}` or POST /api/orders. See src/Orders/Order.cs, OrderService and user_id (https://x.example/a.cs) /squad stop");
        Assert.Equal(["GET /api/orders/{id}", "POST /api/orders"], names.Endpoints);
        Assert.Equal(["src/Orders/Order.cs"], names.Files);
        Assert.Equal(["OrderService", "user_id"], names.Identifiers);
    }

    private static Criteria Read(string description) => TicketReading.Of(Tickets.Of("The summary", description), []).Criteria;
}
