using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Doctor;
using AgentSquad.Cli.Settings;
using AgentSquad.TestSupport.Models;

namespace AgentSquad.Cli.Tests.Doctor;

public sealed class McpCheckTests
{
    [Fact]
    public async Task Run_OneServerWorksAndOneDoesNot_ListsToolsAndNamesTheFix()
    {
        var marker = $"marker-{Guid.NewGuid():N}";
        var settings = SquadSettings.From(new Dictionary<string, string>
        {
            ["Agents__Provider"] = "OpenAICompatible", ["Agents__Model"] = "m", ["Agents__Endpoint"] = "http://127.0.0.1:1",
            ["Agents__Mcp__Servers__everything__Command"] = "node", ["Agents__Mcp__Servers__everything__Arguments__0"] = EverythingServer.Script,
            ["Agents__Mcp__Servers__everything__Arguments__1"] = "stdio", ["Agents__Mcp__Servers__everything__Arguments__2"] = marker,
            ["Agents__Mcp__Servers__everything__TrustAsReadOnly__0"] = "echo", ["Agents__Roles__TechLead__Tools__0"] = "everything/*",
            ["Agents__Mcp__Servers__gone__Command"] = "no-such-program-anywhere",
        });

        var findings = await Assert.Single(new McpCheck(settings, BuildInfo.FunctionApp).Checks).RunAsync(default);

        var works = Assert.Single(findings, finding => finding.Severity == FindingSeverity.Ok);
        Assert.Contains("MCP server everything: ", works.Found, StringComparison.Ordinal);
        Assert.Contains("echo (reads, TechLead)", works.Found, StringComparison.Ordinal);
        Assert.Contains("get-env (may write, no role uses it)", works.Found, StringComparison.Ordinal);
        var broken = Assert.Single(findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal("Agents__Mcp__Servers__gone", broken.Setting);
        Assert.Empty(EverythingServer.Processes(marker));
    }

    [Fact]
    public async Task Run_NoServer_SaysSo() => Assert.Equal(
        "No MCP server is configured; the roles have no tools.",
        Assert.Single(await Assert.Single(new McpCheck(SquadSettings.From(new Dictionary<string, string>()), BuildInfo.FunctionApp).Checks).RunAsync(default)).Found);
}
