using System.Text.Json;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Connect;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Settings;
using AgentSquad.Cli.Tests.Support;

namespace AgentSquad.Cli.Tests.Connect;

/// <summary>Connecting to what is not quite the app, and to a site that does not let us.</summary>
public sealed class ConnectSessionTests : IAsyncLifetime
{
    private const string Secret = "hush-hush-webhook-secret-0005";
    private const string Mine = """{"status":"healthy","instance":"one"}""";

    private SandboxProcess _sandbox = null!;

    public async Task InitializeAsync() => _sandbox = await SandboxProcess.StartAsync("Cloud");

    public async Task DisposeAsync() => await _sandbox.DisposeAsync();

    [Fact]
    public async Task Run_AccountWithoutTheRight_PrintsTheFormWithoutTheSecret()
    {
        await using var app = App("202 Accepted", "401 Unauthorized");

        var report = await ConnectAsync(app, app, administrator: false);

        Assert.True(report.IsProven);
        Assert.False(report.IsRegistered);
        Assert.Equal(FindingSeverity.Warning, report.Findings[^1].Severity);
        Assert.Equal($"http://{app.Authority}/api/jira/webhook", report.Form!.Url);
        Assert.Equal($"{_sandbox.Url}/plugins/servlet/webhooks", report.Form.Page);
        Assert.Equal(6, report.Form.Events.Count);
        Assert.Contains("Jira__WebhookSecret (environment)", report.Form.Secret, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WebhookOfAnotherNameLeadsThereAlready_IsChangedNotDoubled()
    {
        await using var app = App("202 Accepted", "401 Unauthorized");
        await _sandbox.RegisterWebhookAsync($"http://{app.Authority}/api/jira/webhook", secret: null);

        var report = await ConnectAsync(app, app, administrator: true);

        Assert.True(report.IsRegistered);
        Assert.Null(report.Form);
        var webhook = Assert.Single(await _sandbox.WebhooksAsync());
        Assert.Equal("test", webhook!["name"]!.GetValue<string>());
        Assert.True(webhook["isSigned"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Run_AddressOfAnotherApp_IsRefusedBeforeAnythingIsRegistered()
    {
        await using var app = App("202 Accepted", "401 Unauthorized");
        await using var other = App("202 Accepted", "401 Unauthorized", """{"status":"healthy","instance":"two"}""");

        Fails(await ConnectAsync(other, app, administrator: true), "leads to another AgentSquad");
        Assert.Empty(await _sandbox.WebhooksAsync());
    }

    [Theory]
    [InlineData("502 Bad Gateway", "<html>nothing here</html>", "check the port that it forwards to")]
    [InlineData("404 Not Found", "The endpoint squad.ngrok.app is offline. ERR_NGROK_3200", "start it again")]
    [InlineData("302 Found\r\nLocation: https://login.microsoftonline.com/x", "", "--allow-anonymous")]
    [InlineData("530 Unknown", "Error 1033: Argo Tunnel error", "start the tunnel again")]
    public async Task Run_ErrorPageOfATunnel_SaysWhatItMeans(string status, string body, string hint)
    {
        await using var app = App("202 Accepted", "401 Unauthorized");
        await using var tunnel = new SmallServer(_ => SmallServer.Answer(status, "text/html", body));

        Fails(await ConnectAsync(tunnel, app, administrator: true), hint);
    }

    [Fact]
    public async Task Run_AppWithAnotherSecret_SaysToRestartIt()
    {
        await using var app = App("401 Unauthorized", "401 Unauthorized");

        Fails(await ConnectAsync(app, app, administrator: true), "Restart the app");
    }

    [Fact]
    public async Task Run_SomethingThatTakesEverything_IsNotTheApp()
    {
        await using var app = App("202 Accepted", "202 Accepted");

        Fails(await ConnectAsync(app, app, administrator: true), "wrong signature");
    }

    private static SmallServer App(string first, string second, string health = Mine)
    {
        var probes = 0;
        return new SmallServer(line => line.StartsWith("GET /api/health", StringComparison.Ordinal)
            ? SmallServer.Answer("200 OK", "application/json", health)
            : SmallServer.Answer(probes++ == 0 ? first : second, "application/json", "{}"));
    }

    private static void Fails(ConnectReport report, string said)
    {
        Assert.False(report.IsProven);
        Assert.False(report.IsRegistered);
        Assert.Null(report.Form);
        var finding = report.Findings[^1];
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains(said, $"{finding.Found} {finding.Fix}", StringComparison.Ordinal);
    }

    private Task<ConnectReport> ConnectAsync(SmallServer publicSide, SmallServer app, bool administrator)
    {
        var settings = new Dictionary<string, string>
        {
            ["Jira__BaseUrl"] = _sandbox.Url,
            ["Jira__Email"] = SandboxAccount.Bot.Email,
            ["Jira__ApiToken"] = SandboxAccount.Bot.ApiToken,
            ["Jira__WebhookSecret"] = Secret,
        };
        if (administrator)
        {
            settings["JIRA_ADMIN_USERNAME"] = SandboxAccount.Reporter.Email;
            settings["JIRA_ADMIN_API_TOKEN"] = SandboxAccount.Reporter.ApiToken;
        }

        return new ConnectSession
        {
            Settings = SquadSettings.From(settings),
            Url = $"http://{publicSide.Authority}",
            LocalApp = new Uri($"http://{app.Authority}"),
            Name = "AgentSquad (test)",
            Limit = TimeSpan.FromSeconds(60),
        }.RunAsync(new NoProgress(), default);
    }
}
