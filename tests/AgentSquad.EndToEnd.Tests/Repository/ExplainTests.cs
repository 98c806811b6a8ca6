using System.Text.Json;
using AgentSquad.Cli;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport;

namespace AgentSquad.EndToEnd.Tests.Repository;

public sealed class ExplainTests
{
    private static readonly string[] Names = ["file", "event", "ticket", "decision", "reason"];
    private static readonly string[] Decisions = ["start", "signal", "ignore"];

    [SkippableFact]
    public async Task Explain_EveryRecordedWebhook_IsOneJsonLineEach()
    {
        var folder = RepositoryPaths.InShared("atlassian", "webhooks");
        Skip.If(folder is null, "The recorded webhooks are not beside this repository.");
        await using var cli = new SquadCli(("Squad__TriggerLabel", "test-label"));
        var files = Directory.GetFiles(folder!, "*.json");
        var broken = cli.WriteFile("broken.json", "{");

        var result = (await cli.RunAsync(["explain", .. files, broken])).Expect(ExitCode.Success);

        var lines = result.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([.. files, broken], lines.Select(l => l.GetProperty("file").GetString()));
        Assert.All(lines, l => Assert.Equal(Names, l.EnumerateObject().Select(p => p.Name)));
        Assert.All(lines[..^1], l => Assert.Contains(l.GetProperty("decision").GetString(), Decisions));
        Assert.Equal("reject", lines[^1].GetProperty("decision").GetString());
        Assert.Equal("", result.Error);
    }
}
