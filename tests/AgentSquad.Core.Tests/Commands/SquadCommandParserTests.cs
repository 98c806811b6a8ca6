using AgentSquad.Core.Commands;
using CsCheck;

namespace AgentSquad.Core.Tests.Commands;

public sealed class SquadCommandParserTests
{
    [Theory]
    [InlineData("/squad start", CommandKind.Start)]
    [InlineData("/squad status", CommandKind.Status)]
    [InlineData("/squad approve", CommandKind.Approve)]
    [InlineData("/Squad  RETRY  ", CommandKind.Retry)]
    [InlineData("/squad\tpause", CommandKind.Pause)]
    [InlineData("/squad resume\nthanks", CommandKind.Resume)]
    [InlineData("/squad stop\r\nthanks", CommandKind.Stop)]
    [InlineData("/squad help", CommandKind.Help)]
    [InlineData("/squad", CommandKind.Help)]
    [InlineData("/squad approve\\\nthanks", CommandKind.Approve)]
    [InlineData("/squad approve<br>", CommandKind.Approve)]
    public void Parse_PlainCommand_Found(string text, CommandKind expected) =>
        Assert.Equal(new SquadCommand(expected), SquadCommandParser.Parse(text).Command);

    [Fact]
    public void Parse_Revise_KeepsTheReason() => Assert.Equal(
        new SquadCommand(CommandKind.Revise, "smaller steps, please"), SquadCommandParser.Parse("/squad revise  smaller steps, please \nmore").Command);

    [Fact]
    public void Parse_ReviseInMarkdown_ReadsAsTyped() => Assert.Equal(
        "use user_id, not C:\\x [a]", SquadCommandParser.Parse(@"/squad revise use user\_id, not C:\\x \[a\]").Command?.Reason);

    [Theory]
    [InlineData("/squad extend 2.00", "2.00")]
    [InlineData("/squad extend 15", "15")]
    public void Parse_Extend_KeepsTheAmount(string text, string amount) => Assert.Equal(
        decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), SquadCommandParser.Parse(text).Command?.Amount);

    [Theory]
    [InlineData("/squad revise")]
    [InlineData("/squad extend")]
    [InlineData("/squad extend 0")]
    [InlineData("/squad extend -5")]
    [InlineData("/squad extend 1e9")]
    [InlineData("/squad extend 2,50")]
    [InlineData("/squad approve everything")]
    [InlineData("/squad destroy")]
    [InlineData("/squad 3")]
    public void Parse_WrongCommand_SaysWhatWouldBeRight(string text)
    {
        var parse = SquadCommandParser.Parse(text);
        Assert.Null(parse.Command);
        Assert.Contains("/squad", parse.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("please /squad stop")]
    [InlineData("> /squad stop")]
    [InlineData("`/squad stop`")]
    [InlineData("first line\n/squad stop")]
    [InlineData("\n/squad stop")]
    [InlineData("/squadron stop")]
    [InlineData("/squad-stop")]
    public void Parse_NotAddressedToTheSquad_None(string? text) => Assert.Equal(CommandParse.None, SquadCommandParser.Parse(text));

    [Fact]
    public void Parse_AnyText_IsAtMostOneThingAndReadsTheFirstLineOnly() =>
        Gen.Select(Gen.OneOf(Gen.Const(""), Gen.Const("/squad"), Gen.Const("/squad ")), Gen.String, Gen.String).Sample((start, line, rest) =>
        {
            var first = start + line.ReplaceLineEndings(" ").Replace('\n', ' ').Replace('\r', ' ');
            var parse = SquadCommandParser.Parse(first);
            Assert.False(parse.Command is not null && parse.Error is not null);
            // A backslash at the end of a line that another follows is Markdown's break.
            Assert.Equal(parse, first.EndsWith('\\') ? parse : SquadCommandParser.Parse($"{first}\n{rest}"));
            Assert.True(parse.Error is null or { Length: < 300 });
            Assert.DoesNotContain('\n', parse.Error ?? "");
        });

    [Fact]
    public void Parse_EveryCommandAsHelpShowsIt_IsUnderstood()
    {
        foreach (var kind in Enum.GetValues<CommandKind>())
        {
            var argument = kind switch { CommandKind.Revise => " why", CommandKind.Extend => " 1", _ => "" };
            Assert.Equal(kind, SquadCommandParser.Parse($"/squad {kind.ToString().ToLowerInvariant()}{argument}").Command?.Kind);
        }
    }
}
