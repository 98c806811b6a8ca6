using System.Diagnostics;
using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Tests.Models;
using AgentSquad.Agents.Tools;
using AgentSquad.Core.Squad;
using AgentSquad.TestSupport.Models;
using ModelContextProtocol.Protocol;
using static AgentSquad.TestSupport.Models.ScriptedSquad;

namespace AgentSquad.Agents.Tests.Tools;

/// <summary>An agent with a real MCP server, started as a program or reached over HTTP.</summary>
public sealed class McpTests
{
    private const string Instance = "jira-00000000-10001";
    private const string Slow = "trigger-long-running-operation";

    private readonly string _marker = $"marker-{Guid.NewGuid():N}";

    [Fact]
    public async Task Stdio_RoleMayEcho_UsesItOnTheRecordAndLeavesNoProcess()
    {
        await using var squad = await StartAsync(request => request.ToolResults.Count == 0 ? ModelReply.Call("everything_echo", """{"message":"hello"}""") : Happy(request));
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        // Trusted to only read are two of the server's tools; the others do not say that they do.
        Assert.Equal(["everything_echo", $"everything_{Slow}"], squad.Server.Requests[0].Tools.Order());
        Assert.Matches("^<<<DATA [0-9a-f]{16} result of everything/echo>>>\nEcho: hello\n<<<END [0-9a-f]{16}>>>$", Assert.Single(squad.Server.Requests[1].ToolResults));
        var record = await RecordAsync(squad);
        Assert.Equal(("everything/echo", "ok", "Echo: hello"), (record.Tool, record.Outcome, record.Text));
        Assert.Equal("hello", record.Arguments.GetProperty("message").GetString());
        Assert.Empty(EverythingServer.Processes(_marker));
    }

    [Fact]
    public async Task Http_RoleMayEcho_UsesIt()
    {
        await using var server = await EverythingServer.StartAsync();
        await using var squad = await Squad.StartAsync(
            AgentsProvider.Anthropic, request => request.ToolResults.Count == 0 ? ModelReply.Call("everything_echo", """{"message":"hello"}""") : Happy(request),
            [("Agents:Mcp:Servers:everything:Url", server.Url), .. Rights]);
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        Assert.Equal("Echo: hello", (await RecordAsync(squad)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ServerIsKilledInTheMiddle_TheStepGoesOnAndNoProcessIsLeft(bool overHttp)
    {
        await using var server = overHttp ? await EverythingServer.StartAsync(_marker, EverythingServer.DiesAtACall) : null;
        (string, string)[] how = server is not null ? [("Agents:Mcp:Servers:everything:Url", server.Url)] : Program(EverythingServer.DiesAtACall);
        await using var squad = await Squad.StartAsync(
            AgentsProvider.OpenAI, request => request.ToolResults.Count > 0 ? Happy(request) : ModelReply.Call("everything_echo", """{"message":"hello"}"""),
            [.. how, .. Rights, ("Agents:Mcp:CallTimeout", "00:00:20")]);

        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);

        Assert.NotEqual("ok", (await RecordAsync(squad)).Outcome);
        Assert.NotEmpty(squad.Server.Requests[0].Tools);
        if (server is not null) await server.EndedAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(EverythingServer.Processes(_marker));
    }

    [Fact]
    public async Task Call_RunIsStoppedInTheMiddle_LeavesNoProcess()
    {
        using var stop = new CancellationTokenSource();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AgentTelemetry.SquadSource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => { if (span.GetTagItem("agentsquad.step") is null && span.Parent?.GetTagItem("agentsquad.step") is string step && step == $"run/{_marker}") stop.Cancel(); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var squad = await StartAsync(_ => ModelReply.Call($"everything_{Slow}", """{"duration":300,"steps":1}"""));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => squad.TriageAsync($"run/{_marker}", stop.Token).WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Empty(EverythingServer.Processes(_marker));
    }

    [Fact]
    public async Task Call_TakesTooLongOrIsTooLong_IsCutAndTold()
    {
        await using var squad = await StartAsync(
            request => request.ToolResults.Count switch
            {
                0 => ModelReply.Call($"everything_{Slow}", """{"duration":300,"steps":1}"""),
                1 => ModelReply.Call("everything_echo", $$"""{"message":"{{new string('x', 5_000)}}"}"""),
                2 => ModelReply.Call("everything_echo", """{"message":"one too many"}"""),
                _ => Happy(request),
            },
            ("Agents:Mcp:CallTimeout", "00:00:01"), ("Agents:Mcp:MostCharacters", "100"), ("Agents:Mcp:MostCalls", "2"));
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        Assert.Equal("timeout", (await RecordAsync(squad)).Outcome);
        Assert.Matches(@"^Echo: x{94}\n\[left out for length: \d+ more characters\]$", (await RecordAsync(squad, 2)).Text);
        Assert.Null(await squad.Get<IAnswerStore>().FindAsync<StoredToolResult>(Instance, "run/triage/1/tools/3", default));
    }

    [Fact]
    public async Task Call_ToolOutsideTheRolesList_IsNotMade()
    {
        await using var squad = await StartAsync(
            request => request.ToolResults.Count == 0 ? ModelReply.Call("everything_get-env") : Happy(request), ("Agents:Mcp:Servers:everything:Environment:PLANTED", "planted-secret-0001"));
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        Assert.Null(await squad.Get<IAnswerStore>().FindAsync<StoredToolResult>(Instance, "run/triage/1/tools/1", default));
        Assert.DoesNotContain(squad.Server.Requests, request => request.Body.GetRawText().Contains("planted-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_ServerDoesNotStart_TheStepGoesOnWithoutItsTools()
    {
        await using var squad = await Squad.StartAsync(
            AgentsProvider.OpenAI, Happy, [("Agents:Mcp:Servers:everything:Command", "no-such-program-anywhere"), .. Rights]);
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        Assert.Empty(Assert.Single(squad.Server.Requests).Tools);
    }

    [Theory]
    [InlineData(true, "docs/search", true)]
    [InlineData(true, "docs/*", true)]
    [InlineData(false, "docs/*", false)]
    [InlineData(false, "docs/search", false)]
    [InlineData(null, "docs/*", false)]
    [InlineData(true, "other/*", false)]
    [InlineData(true, "docs/other", false)]
    [InlineData(true, "", false)]
    [InlineData(false, "docs/search", true, true)]
    [InlineData(false, "docs/*", false, true)]
    public void May_ByListAndHint_OnlyReadsUnlessNamedTwice(bool? readOnly, string list, bool may, bool mayWrite = false)
    {
        var server = new McpServerOptions();
        if (mayWrite) server.AllowWriting.Add("search");
        var tool = new Tool { Name = "search", Annotations = new ToolAnnotations { ReadOnlyHint = readOnly } };
        Assert.Equal(may, ToolRights.May([list], "docs", server, tool));
    }

    private static (string, string)[] Rights =>
    [
        ("Agents:Mcp:Servers:everything:TrustAsReadOnly:0", "echo"), ("Agents:Mcp:Servers:everything:TrustAsReadOnly:1", Slow),
        ("Agents:Roles:ProjectManager:Tools:0", "everything/*"),
    ];

    private Task<Squad> StartAsync(Func<ModelRequest, ModelReply> brain, params (string, string)[] settings) =>
        Squad.StartAsync(AgentsProvider.OpenAI, brain, [.. Program(), .. Rights, .. settings]);

    private (string, string)[] Program(IReadOnlyList<string>? node = null)
    {
        string[] arguments = [.. node ?? [], EverythingServer.Script, "stdio", _marker];
        return [("Agents:Mcp:Servers:everything:Command", "node"), .. arguments.Select((argument, i) => ($"Agents:Mcp:Servers:everything:Arguments:{i}", argument))];
    }

    private static async Task<StoredToolResult> RecordAsync(Squad squad, int number = 1) =>
        await squad.Get<IAnswerStore>().FindAsync<StoredToolResult>(Instance, $"run/triage/1/tools/{number}", default)
        ?? throw new InvalidOperationException("There is no record of the call.");
}
