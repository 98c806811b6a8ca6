using System.Text.Json;
using AgentSquad.Cli;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Operate;

/// <summary>A site that does not know the app, a tunnel in front of the app, and the two commands that an operator has for that.</summary>
public sealed class ConnectTests
{
    [Fact]
    public async Task Connect_ThroughATunnel_EventsStartRuns_AndTheDoctorIsContent()
    {
        await using var site = await LocalSite.StartAsync(webhooks: false);
        await using var tunnel = await GatedProxy.StartAsync();
        await using var newTunnel = await GatedProxy.StartAsync();
        tunnel.Target = newTunnel.Target = site.AppUrl;
        await using var cli = new SquadCli(
            ("Jira__BaseUrl", site.JiraUrl), ("Jira__Email", SandboxAccount.Bot.Email), ("Jira__ApiToken", SandboxAccount.Bot.ApiToken),
            ("JIRA_ADMIN_USERNAME", SandboxAccount.Reporter.Email), ("JIRA_ADMIN_API_TOKEN", SandboxAccount.Reporter.ApiToken),
            ("Jira__WebhookSecret", LocalSite.Secret), ("EmbeddedHost__Port", $"{new Uri(site.AppUrl).Port}"), ("AzureWebJobsStorage", site.Azurite.ConnectionString));

        var before = (await cli.RunAsync("doctor", "--project", "TEST", "--json")).Expect(ExitCode.Failure);
        Assert.Equal("error", Severity(before, "jira.webhook"));

        var connected = (await cli.RunAsync("connect", "--url", tunnel.Url, "--project", "TEST")).Expect(ExitCode.Success);
        Assert.Contains("leads to the app at", connected.Output, StringComparison.Ordinal);
        Assert.Contains("was taken (202) and started nothing", connected.Output, StringComparison.Ordinal);
        Assert.Contains("Registered the webhook", connected.Output, StringComparison.Ordinal);

        // A tunnel's address changes with every start: the registration is changed, not doubled.
        var again = (await cli.RunAsync("connect", "--url", newTunnel.Url + "/api/jira/webhook", "--project", "TEST", "--json")).Expect(ExitCode.Success);
        using var report = JsonDocument.Parse(again.LastLine);
        Assert.True(report.RootElement.GetProperty("isRegistered").GetBoolean());

        var after = (await cli.RunAsync("doctor", "--project", "TEST", "--json")).Expect(ExitCode.Success);
        Assert.Equal("ok", Severity(after, "jira.webhook"));
        Assert.Equal("ok", Severity(after, "app.webhook"));
        Assert.Contains($"{newTunnel.Url}/api/jira/webhook", after.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"{tunnel.Url}/api/jira/webhook", after.Output, StringComparison.Ordinal);

        var key = await site.Tickets.CreateAsync(TicketFile.Sample(), "agentsquad", default);
        await site.WaitForEndAsync(key);

        foreach (var said in (string[])[before.Output, before.Error, connected.Output, connected.Error, again.Output, again.Error, after.Output, after.Error, site.AppLog])
        {
            foreach (var secret in (string[])[LocalSite.Secret, SandboxAccount.Bot.ApiToken, SandboxAccount.Reporter.ApiToken])
            {
                Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            }
        }
    }

    private static string? Severity(CommandResult doctor, string check)
    {
        using var json = JsonDocument.Parse(doctor.LastLine);
        return json.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("check").GetString() == check)
            .Select(finding => finding.GetProperty("severity").GetString())
            .LastOrDefault();
    }
}
