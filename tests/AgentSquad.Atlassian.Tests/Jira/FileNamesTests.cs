using AgentSquad.Atlassian.Jira.Text;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("plan.md", "plan.md")]
    [InlineData("über (1).txt", "über (1).txt")]
    [InlineData("../../etc/passwd", "-..-etc-passwd")]
    [InlineData("a:b*c?\"<>|\r\n.md", "a-b-c-------.md")]
    [InlineData("😀.png", "-.png")]
    [InlineData("", "file")]
    [InlineData(" .. ", "file")]
    public void Plain_AnyName_IsOneThatSitesKeep(string name, string expected) => Assert.Equal(expected, FileNames.Plain(name));

    [Fact]
    public void Plain_LongName_KeepsItsExtension()
    {
        var plain = FileNames.Plain(new string('x', 400) + ".json");

        Assert.Equal((120, true), (plain.Length, plain.EndsWith("x.json", StringComparison.Ordinal)));
    }
}
