using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Tests.Demo;

public sealed class DemoSettingsTests
{
    [Fact]
    public void Read_NothingSet_SpellsOutTheDefaults()
    {
        var settings = DemoSettings.Read(SquadSettings.From([]));

        Assert.Equal(("agentsquad", "Done"), (settings.TriggerLabel, settings.FinalStatus));
        Assert.Equal("In Review", settings.AppSettings["Squad__StatusNames__Verify"]);
    }

    [Fact]
    public void Read_NoTransitionAtDelivery_EndsWhereVerificationMovesIt()
    {
        var settings = DemoSettings.Read(SquadSettings.From([KeyValuePair.Create("Squad__StatusNames__Deliver", "")]));

        Assert.Equal("In Review", settings.FinalStatus);
    }

    [Fact]
    public void Read_OtherSections_AreLeftOut()
    {
        var settings = DemoSettings.Read(SquadSettings.From(
            [KeyValuePair.Create("Jira__BaseUrl", "https://acme.example"), KeyValuePair.Create("Squad__MaxReviewRounds", "2")]));

        Assert.Equal("2", settings.AppSettings["Squad__MaxReviewRounds"]);
        Assert.All(settings.AppSettings.Keys, name => Assert.StartsWith("Squad__", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NoTriggerLabel_ThrowsAndNamesTheSetting()
    {
        var exception = Assert.Throws<CliException>(
            () => DemoSettings.Read(SquadSettings.From([KeyValuePair.Create("Squad__TriggerLabel", " ")])));

        Assert.Contains("Squad__TriggerLabel", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Minimal_ChildEnvironment_HoldsNoSettings() =>
        Assert.DoesNotContain(
            ChildEnvironment.Minimal().Keys,
            name => name.Contains("JIRA", StringComparison.OrdinalIgnoreCase) || name.Contains("__", StringComparison.Ordinal));
}
