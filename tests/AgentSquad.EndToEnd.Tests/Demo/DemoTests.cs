using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AgentSquad.Cli;
using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Demo;

public sealed class DemoTests
{
    private static readonly string[] Stages = ["Triage", "Plan", "Work", "Verify", "Deliver"];
    private static readonly string[] JsonNames = ["ticket", "status", "runStatus", "instanceId", "durationMs", "stages", "comments"];

    [Fact]
    public async Task Demo_Json_EndsWithTheFinishedTicket()
    {
        await using var cli = new SquadCli();

        var result = (await cli.RunAsync("demo", "--json")).Expect(ExitCode.Success);

        using var json = JsonDocument.Parse(result.LastLine);
        var demo = json.RootElement;
        Assert.Equal(JsonNames, demo.EnumerateObject().Select(p => p.Name));
        Assert.Equal("TEST-1", demo.GetProperty("ticket").GetString());
        Assert.Matches("^jira-[0-9a-f]{8}-[0-9]+$", demo.GetProperty("instanceId").GetString());
        Assert.True(demo.GetProperty("durationMs").GetInt64() > 0);
        AssertFinished(demo, "AgentSquad");
        Assert.Equal(result.LastLine, result.Output.Trim());
        Assert.Empty(cli.Descendants);
        Assert.Empty(cli.Leftovers);
    }

    [Fact]
    public async Task Demo_OneAccountAndHostileEnvironment_TouchesOnlyItsSandbox()
    {
        using var outside = new TcpListener(IPAddress.Loopback, 0);
        outside.Start();
        var site = $"http://{outside.LocalEndpoint}";
        await using var cli = new SquadCli(
            ("JIRA_URL", site), ("JIRA_USERNAME", "me@example.invalid"), ("JIRA_API_TOKEN", "a-real-token"),
            ("Jira__BaseUrl", site), ("Jira__Email", "me@example.invalid"), ("Jira__ApiToken", "a-real-token"), ("Jira__WebhookSecret", "s"),
            ("CONFLUENCE_URL", site), ("AzureWebJobsStorage", $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint={site}/a"),
            ("Agents__Provider", "OpenAI"), ("Agents__Endpoint", site), ("HTTP_PROXY", site), ("http_proxy", site), ("ALL_PROXY", site));

        var result = (await cli.RunAsync("demo", "--json", "--one-account")).Expect(ExitCode.Success);

        using var json = JsonDocument.Parse(result.LastLine);
        AssertFinished(json.RootElement, "Rita Reporter");
        Assert.False(outside.Pending(), "Something connected to the site in the environment.");
        Assert.DoesNotContain("a-real-token", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_TicketDoesNotReachTheFinalStatus_FailsAndSaysWhy()
    {
        await using var cli = new SquadCli(("Squad__StatusNames__Deliver", "Nowhere"));
        var ticket = cli.WriteFile("ticket.md", "---\ntype: Bug\n---\n# The export drops the last line\n\n## Acceptance criteria\n\n- The last line is in the file.\n");

        var result = (await cli.RunAsync("demo", "--ticket", ticket)).Expect(ExitCode.Failure);

        Assert.Contains("'Nowhere'", result.Error, StringComparison.Ordinal);
        Assert.Contains("The export drops the last line", result.Output, StringComparison.Ordinal);
        Assert.Empty(cli.Descendants);
        var logs = result.Error.Split("Logs are in ")[1].Trim();
        Assert.True(File.Exists(Path.Combine(logs, "functions.log")));
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Demo_EndedFromOutside_LeavesNoProcess(string signal)
    {
        Skip.IfNot(ProcessScan.IsSupported, "Processes are counted through /proc.");
        await using var cli = new SquadCli();
        using var command = cli.Start("demo");
        await command.SaysAsync("Function app is ready");
        Assert.NotEmpty(cli.Descendants);

        command.Signal(signal);

        await command.ExitAsync();
        await ProcessScan.NoneWithEnvironmentAsync("TMPDIR", cli.Temp);
        if (signal != "KILL") Assert.Empty(cli.Leftovers);
    }

    [SkippableFact]
    public async Task Demo_InterruptedWhileStarting_LeavesNoProcess()
    {
        Skip.IfNot(ProcessScan.IsSupported, "Processes are counted through /proc.");
        Skip.If(ProcessScan.IgnoresInterrupts, "Ctrl-C is ignored by whatever is started here, as behind an `&` without job control.");
        await using var cli = new SquadCli();
        using var command = cli.Start("demo");
        await command.SaysAsync("Starting Azurite");

        command.Signal("INT");

        var result = await command.ExitAsync();
        result.Expect(ExitCode.Interrupted);
        await ProcessScan.NoneWithEnvironmentAsync("TMPDIR", cli.Temp);
    }

    [Fact]
    public async Task Demo_NodeIsMissing_SaysSoInOneLine()
    {
        await using var cli = new SquadCli(("PATH", "/nonexistent"));

        var result = (await cli.RunAsync("demo")).Expect(ExitCode.Failure);

        Assert.Contains("Node.js was not found: install Node.js", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ticket", "no-such-file.md")]
    [InlineData("--scenario", "no-such-story")]
    [InlineData("--timeout", "0")]
    [InlineData("--no-such-option")]
    public async Task Demo_WrongArguments_FailBeforeAnythingStarts(params string[] arguments)
    {
        await using var cli = new SquadCli();

        var result = await cli.RunAsync(["demo", .. arguments]);

        Assert.NotEqual(ExitCode.Success, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.Empty(cli.Leftovers);
    }

    private static void AssertFinished(JsonElement demo, string author)
    {
        Assert.Equal("Done", demo.GetProperty("status").GetString());
        Assert.Equal("Completed", demo.GetProperty("runStatus").GetString());
        Assert.Equal(Stages, demo.GetProperty("stages").EnumerateArray().Select(s => s.GetString()));
        var comments = demo.GetProperty("comments").EnumerateArray().ToList();
        Assert.Equal(["delivery", "status"], comments.Select(c => c.GetProperty("kind").GetString()).Order());
        Assert.All(comments, c => Assert.Equal(author, c.GetProperty("author").GetString()));
        Assert.All(comments, c => Assert.NotEmpty(c.GetProperty("text").GetString()!));
        Assert.All(comments, c => Assert.NotEmpty(c.GetProperty("id").GetString()!));
    }
}
