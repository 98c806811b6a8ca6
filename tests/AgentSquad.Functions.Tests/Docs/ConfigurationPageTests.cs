using AgentSquad.Agents;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Configuration;
using AgentSquad.TestSupport.Docs;

namespace AgentSquad.Functions.Tests.Docs;

/// <summary>docs/configuration.md lists every option of the app, with its default.</summary>
public sealed class ConfigurationPageTests
{
    public static TheoryData<Type, string> Sections => new()
    {
        { typeof(JiraOptions), JiraOptions.Section },
        { typeof(ConfluenceOptions), ConfluenceOptions.Section },
        { typeof(SquadOptions), SquadOptions.Section },
        { typeof(AgentsOptions), AgentsOptions.Section },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Page_OfEveryOption_HasNameAndDefault(Type options, string section)
    {
        var problems = ConfigurationPage.Behind(options, section);

        Assert.True(problems.Count == 0, "docs/configuration.md is behind the code:\n" + string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Page_OfEveryRow_HasAnOption(Type options, string section) => Assert.Empty(ConfigurationPage.Invented(options, section));
}
