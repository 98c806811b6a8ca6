using AgentSquad.Cli.Explain;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Tests.Settings;

public sealed class SquadSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_BothFiles_TheEnvironmentFileWins()
    {
        Write("local.settings.json", """{ "Values": { "Jira:BaseUrl": "https://a.example", "Squad__TriggerLabel": "a", "N": 1 } } // note""");
        Write(".env", "# comment\nSquad__TriggerLabel=b\nJIRA_URL=\"https://b.example\"\n");

        var settings = SquadSettings.Load(_folder.FullName);

        Assert.Equal("https://a.example", settings.FindText("Jira__BaseUrl"));
        Assert.Equal("b", settings.Find("Squad__TriggerLabel"));
        Assert.Equal("https://b.example", settings.FindText("NOTHING", "JIRA_URL"));
        Assert.Equal("1", settings.Find("n"));
    }

    [Fact]
    public void From_NamesThatDifferInCaseOnly_TheLaterWins() =>
        Assert.Equal("b", SquadSettings.From([KeyValuePair.Create("http_proxy", "a"), KeyValuePair.Create("HTTP_PROXY", "b")]).Find("http_proxy"));

    [Fact]
    public void Load_NoFiles_IsTheEnvironment() => Assert.NotNull(SquadSettings.Load(_folder.FullName).FindText("PATH"));

    [Fact]
    public void Load_BrokenJson_ThrowsAndNamesTheFile()
    {
        Write("local.settings.json", "{");

        var exception = Assert.Throws<CliException>(() => SquadSettings.Load(_folder.FullName));

        Assert.Contains("local.settings.json", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("go", "go")]
    [InlineData("", "")]
    [InlineData(null, "agentsquad")]
    public void PolicyRead_TriggerLabel_IsTheSettingOrTheDefault(string? setting, string expected)
    {
        var settings = SquadSettings.From(setting is null ? [] : [KeyValuePair.Create("Squad__TriggerLabel", setting)]);

        Assert.Equal(expected, PolicySettings.Read(settings).PolicyOf("ABC").TriggerLabel);
    }

    [Fact]
    public void PolicyRead_TriggersOfAProject_AreThatProjectsPolicy()
    {
        var settings = PolicySettings.Read(SquadSettings.From(
        [
            KeyValuePair.Create("Squad__Triggers__StartOnCommand", "true"),
            KeyValuePair.Create("Squad__Projects__OPS__Label", "ops"),
            KeyValuePair.Create("Squad__Projects__OPS__StartOnStatuses__0", "Ready"),
        ]));

        Assert.True(settings.PolicyOf("ABC").StartOnCommand);
        Assert.False(settings.PolicyOf("ops").StartOnCommand);
        Assert.Equal(["Ready"], settings.PolicyOf("OPS").StartOnStatuses);
        Assert.Equal("ops", settings.PolicyOf("OPS").TriggerLabel);
    }

    [Fact]
    public void PolicyRead_ValueThatDoesNotFit_ThrowsAndNamesTheSetting()
    {
        var exception = Assert.Throws<CliException>(
            () => PolicySettings.Read(SquadSettings.From([KeyValuePair.Create("Squad__Triggers__StartOnCommand", "perhaps")])));

        Assert.Contains("StartOnCommand", exception.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);
}
