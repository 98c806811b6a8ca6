using AgentSquad.Cli.Demo;
using AgentSquad.Cli.Demo.Scenarios;
using AgentSquad.TestSupport;

namespace AgentSquad.Cli.Tests.Demo;

public sealed class ScenarioTests
{
    private static readonly string[] Names =
    [
        "happy", "clarify", "approve", "revise", "changes-requested", "stop", "pause-resume", "retry-after-failure", "reminder-giveup",
        "duplicate-webhooks", "edited-midway",
    ];

    private static readonly ScenarioEnd End = new("Done", "Completed", ["Triage", "Deliver"], ["status", "delivery"]) { Says = [("delivery", "round 2")] };
    private static readonly DemoResult Good = new(
        "TEST-1", "Done", "Completed", "jira-1", 1, ["Triage", "Deliver"], [new("1", "AgentSquad", "status", ""), new("2", "AgentSquad", "delivery", "in round 2")]);

    [Fact]
    public void Find_All_AreTheTicketStoriesInOrder()
    {
        Assert.Equal(Names, ScenarioCatalogue.Find("all").Select(scenario => scenario.Name));
        Assert.Equal("approve", Assert.Single(ScenarioCatalogue.Find("approve")).Name);
    }

    [Fact]
    public void Find_WrongName_SaysWhichThereAre()
    {
        var failure = Assert.Throws<CliException>(() => ScenarioCatalogue.Find("aprove"));

        Assert.Equal($"There is no scenario 'aprove'. Known are {string.Join(", ", Names)} and all.", failure.Message);
    }

    [Fact]
    public void Recordings_EveryScenario_HasOneThatIsReplayed()
    {
        var folder = Path.Combine(RepositoryPaths.Root, "tests", "AgentSquad.Functions.Tests", "Run", "Histories");

        Assert.All(Names, name => Assert.True(File.Exists(Path.Combine(folder, name + ".json")), $"{name} is not recorded: see CONTRIBUTING.md."));
    }

    [Fact]
    public void Page_EveryScenario_IsToldWithItsEnd()
    {
        var page = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "docs", "run.md"));

        Assert.All(ScenarioCatalogue.All, scenario => Assert.EndsWith(
            $"| {scenario.End.Status} | {string.Join(", ", scenario.End.Comments)} |",
            Assert.Single(page, line => line.StartsWith($"| `{scenario.Name}` |", StringComparison.Ordinal)), StringComparison.Ordinal));
    }

    [Fact]
    public void Deviations_AsExpected_AreNone() => Assert.Empty(End.Deviations(Good));

    [Fact]
    public void Deviations_AnythingElse_IsNamed()
    {
        Assert.Contains("'To Do'", Assert.Single(End.Deviations(Good with { Status = "To Do" })), StringComparison.Ordinal);
        Assert.Contains("Failed", Assert.Single(End.Deviations(Good with { RunStatus = "Failed" })), StringComparison.Ordinal);
        Assert.Contains("none", Assert.Single(End.Deviations(Good with { Stages = [] })), StringComparison.Ordinal);
        Assert.Contains("status, delivery, delivery", Assert.Single(End.Deviations(Good with { Comments = [.. Good.Comments, Good.Comments[1]] })), StringComparison.Ordinal);
        Assert.Contains("round 2", Assert.Single(End.Deviations(Good with { Comments = [Good.Comments[0], Good.Comments[1] with { Text = "" }] })), StringComparison.Ordinal);
    }
}
