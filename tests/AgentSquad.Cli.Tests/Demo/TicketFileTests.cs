using AgentSquad.Cli.Demo;

namespace AgentSquad.Cli.Tests.Demo;

public sealed class TicketFileTests
{
    [Fact]
    public void Parse_FirstLineAndRest_AreSummaryAndDescription()
    {
        var ticket = TicketFile.Parse("\n# Make it faster\r\n\r\nIt is *slow*.\r\n- a\r\n", "x");

        Assert.Equal("Make it faster", ticket.Summary);
        Assert.Equal("It is *slow*.\n- a", ticket.Description);
        Assert.Equal(("Story", null), (ticket.IssueType, ticket.Priority));
        Assert.Empty(ticket.Labels);
    }

    [Fact]
    public void Parse_FrontMatter_GivesTheFields()
    {
        var ticket = TicketFile.Parse("---\ntype: Bug\nPriority: High\nlabels: [a, b]\ncomponents: Web shop\n---\nSummary", "x");

        Assert.Equal(("Bug", "High", "Summary", ""), (ticket.IssueType, ticket.Priority, ticket.Summary, ticket.Description));
        Assert.Equal(["a", "b"], ticket.Labels);
        Assert.Equal(["Web shop"], ticket.Components);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    [InlineData("---\ntype: Bug\n---\n")]
    [InlineData("---\ntype: Bug\nno end")]
    public void Parse_NoTicket_ThrowsAndNamesTheSource(string text)
    {
        var exception = Assert.Throws<CliException>(() => TicketFile.Parse(text, "'my.md'"));

        Assert.Contains("'my.md'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoSuchFile_Throws() => Assert.Throws<CliException>(() => TicketFile.Read("no-such-ticket.md"));

    [Fact]
    public void Sample_IsAWholeTicket()
    {
        var sample = TicketFile.Sample();

        Assert.Equal("Let customers export their orders as CSV", sample.Summary);
        Assert.Contains("Acceptance criteria", sample.Description, StringComparison.Ordinal);
        Assert.Equal(["Backend", "Frontend"], sample.Components);
    }
}
