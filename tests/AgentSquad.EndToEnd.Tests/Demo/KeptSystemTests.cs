using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport;

namespace AgentSquad.EndToEnd.Tests.Demo;

public sealed partial class KeptSystemTests
{
    [SkippableFact]
    public async Task DemoKeep_ThenOtherCommands_WorkOnTheSameSystemUntilStop()
    {
        var webhook = RepositoryPaths.InShared("atlassian", "webhooks", "webhook-issue-created-no-description.json");
        Skip.If(webhook is null, "The recorded webhooks are not beside this repository.");
        await using var cli = new SquadCli(("Squad__TriggerLabel", "test-label"));

        var demo = (await cli.RunAsync("demo", "--keep")).Expect(ExitCode.Success);
        await AssertUrlsWorkAsync(demo.Output);

        var second = (await cli.RunAsync("demo", "--keep")).Expect(ExitCode.Failure);
        Assert.Contains("squad stop", second.Error, StringComparison.Ordinal);

        var sent = (await cli.RunAsync("send", webhook!, "--seed")).Expect(ExitCode.Success);
        Assert.Matches("^202 Accepted, delivery [0-9a-f]+", sent.Output);
        Assert.Contains("timestamp set to now", sent.Error, StringComparison.Ordinal);
        Assert.Contains("TES-41 created in the sandbox", sent.Error, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => await RunStatusAsync(cli, "TES-41") == "Completed");

        var followed = (await cli.RunAsync("runs", "follow", "TES-41")).Expect(ExitCode.Success);
        Assert.Contains("Triage -> Plan -> Work -> Verify -> Deliver", followed.Output, StringComparison.Ordinal);
        Assert.Contains("TES-41", (await cli.RunAsync("runs", "list")).Expect(ExitCode.Success).Output, StringComparison.Ordinal);
        var history = (await cli.RunAsync("runs", "history", "TES-41")).Expect(ExitCode.Success);
        Assert.Contains("ExecutionStarted", history.Output, StringComparison.Ordinal);
        Assert.Contains("PublishDelivery", history.Output, StringComparison.Ordinal);
        Assert.Contains("squad runs list", (await cli.RunAsync("runs", "show", "NO-1")).Expect(ExitCode.Failure).Error, StringComparison.Ordinal);

        Assert.Contains("None.", (await cli.RunAsync("poison", "list")).Expect(ExitCode.Success).Output, StringComparison.Ordinal);
        var keys = (await cli.RunAsync("keys")).Expect(ExitCode.Success);
        Assert.Contains(SystemFile.Require(cli.State).KeysFile, keys.Output, StringComparison.Ordinal);

        (await cli.RunAsync("stop")).Expect(ExitCode.Success);
        Assert.Empty(cli.Descendants);
        Assert.Empty(cli.Leftovers);
        Assert.False(File.Exists(SystemFile.PathIn(cli.State)));
        Assert.Contains("Nothing is running", (await cli.RunAsync("stop")).Expect(ExitCode.Success).Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Up_NoJiraConfigured_RunsWithTheSandboxUntilInterrupted()
    {
        Skip.IfNot(ProcessScan.IsSupported, "Processes are counted through /proc.");
        Skip.If(ProcessScan.IgnoresInterrupts, "Ctrl-C is ignored by whatever is started here, as behind an `&` without job control.");
        await using var cli = new SquadCli(("JIRA_URL", ""));
        using var up = cli.Start("up", "--port", "0", "--sandbox-port", "0");
        await up.SaysAsync("Ctrl-C stops it.");

        (await cli.RunAsync("status")).Expect(ExitCode.Success);
        up.Signal("INT");

        var result = (await up.ExitAsync()).Expect(ExitCode.Success);
        Assert.Contains("a local sandbox", result.Output, StringComparison.Ordinal);
        await ProcessScan.NoneWithEnvironmentAsync("TMPDIR", cli.Temp);
        Assert.True(Directory.Exists(Path.Combine(cli.State, "azurite")));
        Assert.False(File.Exists(SystemFile.PathIn(cli.State)));
    }

    [SkippableFact]
    public async Task Up_FunctionAppKilled_StartsItAgainAtTheSameAddress()
    {
        Skip.IfNot(ProcessScan.IsSupported, "Processes are found through /proc.");
        await using var cli = new SquadCli(("JIRA_URL", ""));
        using var up = cli.Start("up", "--port", "0", "--sandbox-port", "0");
        await up.SaysAsync("Ctrl-C stops it.");
        var before = SystemFile.Require(cli.State);

        var app = Assert.Single(cli.Descendants, line => line.Contains("AgentSquad.Functions.dll", StringComparison.Ordinal));
        using (var process = Process.GetProcessById(int.Parse(app.Split(' ')[0], CultureInfo.InvariantCulture))) process.Kill();

        await up.SaysAsync("The function app ended unexpectedly (exit code 137); starting it again in 1 s");
        await up.SaysAsync($"The function app listens on {before.FunctionApp} again");
        await Eventually.HoldsAsync(async () => (await cli.RunAsync("status")).ExitCode == ExitCode.Success);
    }

    [Fact]
    public async Task Up_PortInUse_SaysSoInOneLine()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var cli = new SquadCli();

        var result = (await cli.RunAsync("up", "--port", $"{port}")).Expect(ExitCode.Failure);

        Assert.Equal($"squad: Port {port} is in use: stop what listens there, or choose another port with --port.", result.Error.Trim());
    }

    private static async Task AssertUrlsWorkAsync(string output)
    {
        using var http = LocalHttp.Create();
        var urls = Urls().Matches(output[output.IndexOf("left running", StringComparison.Ordinal)..]).Select(m => m.Value).ToList();
        Assert.True(urls.Count >= 5, output);
        foreach (var url in urls)
        {
            using var response = await http.GetAsync(new Uri(url));
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{response.StatusCode} from {url}");
        }
    }

    private static async Task<string?> RunStatusAsync(SquadCli cli, string ticket)
    {
        var status = (await cli.RunAsync("status", "--json")).Expect(ExitCode.Success);
        using var json = JsonDocument.Parse(status.LastLine);
        return json.RootElement.GetProperty("tickets").EnumerateArray()
            .Where(t => t.GetProperty("ticket").GetString() == ticket)
            .Select(t => t.GetProperty("runStatus").GetString())
            .FirstOrDefault();
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Urls();
}
