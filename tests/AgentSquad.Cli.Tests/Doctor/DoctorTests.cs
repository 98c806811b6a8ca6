using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Doctor;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Tests.Support;

namespace AgentSquad.Cli.Tests.Doctor;

/// <summary>Each misconfiguration is planted into a set-up that is otherwise right; the doctor has to find it and to name the fix.</summary>
public sealed partial class DoctorTests(DoctorPatient patient) : IClassFixture<DoctorPatient>, IAsyncLifetime
{
    private const string Planted = "planted-wrong-token-0003";

    public Task InitializeAsync() => patient.HealAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task Run_EverythingRight_FindsNoError(string deployment)
    {
        var report = await patient.ExamineAsync(deployment == "Cloud" ? patient.GoodSettings() : patient.GoodDataCenter());

        Assert.DoesNotContain(report.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(["app.health"], report.Findings.Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => finding.Check));
        Assert.All((string[])["jira.token", "jira.project.TEST", "jira.status.TEST", "jira.webhook", "jira.clock"], check => Is(report, check, FindingSeverity.Ok));
        Assert.Equal("environment", report.Findings.First(finding => finding.Setting == "Jira__ApiToken").Source);
        Assert.Empty(report.NotChecked);
    }

    /// <summary>Settings alone.</summary>
    [Theory]
    [InlineData("Jira__BaseUrl", "", "settings.values", "Set it to the address of your site")]
    [InlineData("Jira__BaseUrl", "https://your-site.atlassian.net", "settings.values", "your site's address")]
    [InlineData("Jira__BaseUrl", "http://acme.atlassian.net", "settings.values", "https://")]
    [InlineData("Jira__BaseUrl", "http://no-such-host.invalid", "jira.dns", "Check the spelling of Jira__BaseUrl")]
    [InlineData("Jira__BaseUrl", "http://127.0.0.1:1", "jira.connection", "Check the port in Jira__BaseUrl")]
    [InlineData("Jira__Email", "", "settings.values", "Jira__Deployment=DataCenter")]
    [InlineData("Jira__Email", "squad@example.com", "settings.values", "the squad's account")]
    [InlineData("Jira__ApiToken", Planted, "jira.token", "Create a token at https://id.atlassian.com")]
    [InlineData("Jira__ApiToken", "planted-wrong token-0005", "settings.values", "Copy it again")]
    [InlineData("EmbeddedHost__Port", "seven", "app.health", "a number from 1 to 65535")]
    [InlineData("Jira__Deployment", "DataCenter", "jira.server", "Set Jira__Deployment=Cloud")]
    [InlineData("Jira__Deployment", "Datacentre", "settings.values", "Give it a value of that kind")]
    [InlineData("Jira__RequestTimeout", "01:00:00", "settings.values", "Change it")]
    [InlineData("Jira__WebhookSecret", "", "settings.values", "Set the current secret too")]
    [InlineData("Squad__Triggers__BotAccountId", "someone-else", "jira.bot", "Set Squad__Triggers__BotAccountId=sandbox-bot")]
    [InlineData("Squad__Triggers__StartOnAssignment", "true", "squad.bot", "Set Squad__Triggers__BotAccountId")]
    [InlineData("Squad__TriggerLabel", "", "squad.trigger", "Set Squad__TriggerLabel")]
    [InlineData("Squad__Approval__Deciders__ProjectRoles__0", "Administrators", "jira.rights.TEST", "Administer Projects")]
    [InlineData("Squad__MaxReviewRounds", "99", "settings.values", "Change it")]
    [InlineData("Squad__Triggers__Projects__0", "NOPE", "jira.project.NOPE", "Browse Projects in NOPE")]
    [InlineData("Confluence__SpaceKey", "DOC", "settings.values", "Set the site's address")]
    [InlineData("AzureWebJobsStorage", "nonsense", "storage.account", "UseDevelopmentStorage=true")]
    [InlineData("AzureWebJobsStorage", "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0LWtleS0wMDA0;QueueEndpoint=http://127.0.0.1:1/a", "storage.account", "firewall")]
    [InlineData("Agents__Provider", "Oracle", "settings.values", "Set it to")]
    public async Task Run_SettingThatCannotWork_IsAnErrorWithTheFix(string setting, string value, string check, string fix)
    {
        var settings = patient.GoodSettings();
        settings[setting] = value;

        Is(await patient.ExamineAsync(settings), check, FindingSeverity.Error, fix);
    }

    [Theory]
    [InlineData("Squad__StatusName__Work", "Doing", "settings.names", "Did you mean Squad__StatusNames__Work?")]
    [InlineData("Squad__StatusNames__Verify", "QA", "jira.status.TEST", "Set Squad__StatusNames__Verify to one of those")]
    [InlineData("JIRA_URL", "https://other.example", "settings.names", "Remove one of the two")]
    [InlineData("Jira__WebhookSecret", "short", "jira.webhookSecret", "openssl rand -hex 32")]
    [InlineData("JIRA_ADMIN_API_TOKEN", "", "jira.webhook", "JIRA_ADMIN_USERNAME")]
    public async Task Run_SettingThatSurprises_IsAWarningWithTheFix(string setting, string value, string check, string fix)
    {
        var settings = patient.GoodSettings();
        settings[setting] = value;

        Is(await patient.ExamineAsync(settings), check, FindingSeverity.Warning, fix);
    }

    [Fact]
    public async Task Run_NoWebhookSecret_IsAnError()
    {
        var settings = patient.GoodSettings();
        settings["Jira__WebhookSecret"] = settings["Jira__PreviousWebhookSecret"] = "";

        Is(await patient.ExamineAsync(settings), "jira.webhookSecret", FindingSeverity.Error, "openssl rand -hex 32");
    }

    /// <summary>What the site answers: each kind of refusal is told from the others.</summary>
    [Theory]
    [InlineData("Cloud", "{'kind':'expiredToken','path':'*/myself'}", "jira.token", "401", "tokens expire")]
    [InlineData("Cloud", "{'kind':'captcha','path':'*/myself'}", "jira.token", "captcha", "Log in once in a browser")]
    [InlineData("Cloud", "{'kind':'status','status':403,'path':'*/myself'}", "jira.token", "403", "access to the product")]
    [InlineData("Cloud", "{'kind':'status','status':404,'path':'*/serverInfo'}", "jira.server", "404", "Set Jira__BaseUrl")]
    [InlineData("Cloud", "{'kind':'status','status':429,'retryAfter':'20','path':'*/myself'}", "jira.token", "again in 20 s", "Jira__RequestsPerSecond")]
    [InlineData("Cloud", "{'kind':'status','status':503,'path':'*/serverInfo'}", "jira.server", "in trouble", "status.atlassian.com")]
    [InlineData("Cloud", "{'kind':'permission','permission':'ADD_COMMENTS','account':'sandbox-bot'}", "jira.project.TEST", "lacks: Add Comments", "Add Comments")]
    [InlineData("DataCenter", "{'kind':'setupUnfinished','path':'*/serverInfo'}", "jira.server", "never finished", "finish the wizard")]
    [InlineData("DataCenter", "{'kind':'expiredToken','path':'*/myself'}", "jira.token", "401", "personal access token")]
    public async Task Run_SiteThatRefuses_IsToldApart(string deployment, string fault, string check, string found, string fix)
    {
        var cloud = deployment == "Cloud";
        await (cloud ? patient.Cloud : patient.DataCenter).FailAsync(JsonNode.Parse(fault.Replace('\'', '"'))!);

        var report = await patient.ExamineAsync(cloud ? patient.GoodSettings() : patient.GoodDataCenter());

        Is(report, check, FindingSeverity.Error, fix, found);
    }

    [Fact]
    public async Task Run_SilentSite_IsGivenUpInTime()
    {
        await patient.Cloud.FailAsync(new { kind = "slow", path = "*/myself", delayMilliseconds = 20_000 });

        var report = await patient.ExamineAsync(patient.GoodSettings(), seconds: 2);

        // On a slow machine an earlier check may be the one that runs out of time.
        Assert.Contains(report.Findings, finding => finding is { Severity: FindingSeverity.Error, Fix: not null } && finding.Check.StartsWith("jira.", StringComparison.Ordinal));
        Assert.Contains("jira.projects", report.NotChecked);
    }

    [Fact]
    public async Task Run_ClockAhead_IsAnError() =>
        Is(await patient.ExamineAsync(patient.GoodSettings(), TimeSpan.FromMinutes(20)), "jira.clock", FindingSeverity.Error, "Set this machine's clock", "20 minutes ahead");

    [Fact]
    public async Task Run_ClockBehindALittle_IsAWarning() =>
        Is(await patient.ExamineAsync(patient.GoodSettings(), TimeSpan.FromMinutes(-3)), "jira.clock", FindingSeverity.Warning, "Set this machine's clock", "3 minutes behind");

    [Fact]
    public async Task Run_SiteUnderAnotherName_IsAnError()
    {
        var settings = patient.GoodSettings();
        settings["Jira__BaseUrl"] = patient.Cloud.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        Is(await patient.ExamineAsync(settings), "jira.baseUrl", FindingSeverity.Error, $"Set Jira__BaseUrl={patient.Cloud.Url}");
    }

    [Theory]
    [InlineData("Jira", "jira.token")]
    [InlineData("Confluence", "confluence.token")]
    public async Task Run_CloudIdOfAnotherSite_IsAnError(string product, string check)
    {
        var settings = patient.GoodSettings();
        settings["Confluence__BaseUrl"] = patient.Cloud.Url;
        settings["Confluence__SpaceKey"] = "TEST";
        settings[$"{product}__CloudId"] = "another";
        settings[$"{product}__GatewayUrl"] = patient.Cloud.Url;

        Is(await patient.ExamineAsync(settings), check, FindingSeverity.Error, $"{patient.Cloud.Url}/_edge/tenant_info", "gateway knows no site");
    }

    [Fact]
    public async Task Run_PageInsteadOfJira_IsAnError()
    {
        await using var server = new SmallServer(_ => SmallServer.Answer("200 OK", "text/html", "<html>Welcome</html>"));

        Is(await ExamineAsync("Jira__BaseUrl", $"http://{server.Authority}"), "jira.server", FindingSeverity.Error, "the product's own address", "is not Jira");
    }

    [Fact]
    public async Task Run_CertificateThatNobodyTrusts_IsAnError()
    {
        await using var server = new SmallServer(_ => SmallServer.Answer("200 OK", "text/html", ""), tls: true);

        Is(await ExamineAsync("Jira__BaseUrl", $"https://{server.Authority}"), "jira.tls", FindingSeverity.Error, "trust store", "another name");
    }

    [Fact]
    public async Task Run_HttpsToAPortWithout_IsAnError()
    {
        await using var server = new SmallServer(_ => SmallServer.Answer("400 Bad Request", "text/plain", "no"));

        Is(await ExamineAsync("Jira__BaseUrl", $"https://{server.Authority}"), "jira.tls", FindingSeverity.Error, "Check scheme and port", "does not speak TLS");
    }

    [Fact]
    public async Task Run_NoWebhookOnTheSite_IsAnError()
    {
        await patient.Cloud.ResetAsync();

        Is(await patient.ExamineAsync(patient.GoodSettings()), "jira.webhook", FindingSeverity.Error, "squad connect --url", "No webhook");
    }

    [Theory]
    [InlineData(null, true, "without a secret")]
    [InlineData(DoctorPatient.WebhookSecret, false, "switched off")]
    public async Task Run_WebhookThatDoesNotWork_IsAnError(string? secret, bool enabled, string found)
    {
        await patient.Cloud.ResetAsync();
        await patient.Cloud.RegisterWebhookAsync("https://squad.example/api/jira/webhook?key=the-key-in-the-address", secret, enabled);

        var report = await patient.ExamineAsync(patient.GoodSettings());

        Is(report, "jira.webhook", FindingSeverity.Error, "squad connect --url", found);
        Assert.DoesNotContain("the-key-in-the-address", ReportPrinter.ToJson(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WebhookRegisteredTwice_IsAWarning()
    {
        await patient.Cloud.RegisterWebhookAsync("https://squad.example/api/jira/webhook", DoctorPatient.WebhookSecret);

        Is(await patient.ExamineAsync(patient.GoodSettings()), "jira.webhook", FindingSeverity.Warning, "Delete all but one");
    }

    [Fact]
    public async Task Run_AccountOfAPerson_IsAWarning()
    {
        var settings = patient.GoodSettings();
        settings["Jira__Email"] = SandboxAccount.Reporter.Email;
        settings["Jira__ApiToken"] = SandboxAccount.Reporter.ApiToken;

        Is(await patient.ExamineAsync(settings), "jira.account", FindingSeverity.Warning, "A separate account", "administers the site");
    }

    [Fact]
    public async Task Run_AppWithAnotherSecret_IsAnError()
    {
        await using var app = new SmallServer(line => line.Contains("/api/health", StringComparison.Ordinal)
            ? SmallServer.Answer("200 OK", "application/json", """{"status":"healthy"}""")
            : SmallServer.Answer("401 Unauthorized", "application/json", "{}"));

        Is(await ExamineAsync("EmbeddedHost__Port", app.Authority.Split(':')[1]), "app.webhook", FindingSeverity.Error, "Restart the function app");
    }

    [Theory]
    [InlineData("401 Unauthorized", "{}", FindingSeverity.Error, "Set Agents__ApiKey")]
    [InlineData("200 OK", "{\"data\":[{\"id\":\"another\"}]}", FindingSeverity.Warning, "Check Agents__Model; listed are, among others, another")]
    [InlineData("200 OK", "{\"data\":[{\"id\":\"small\"}]}", FindingSeverity.Ok, "")]
    [InlineData("404 Not Found", "no", FindingSeverity.Ok, "")]
    public async Task Run_ModelProvider_IsAskedForItsModels(string status, string body, FindingSeverity severity, string fix)
    {
        await using var server = new SmallServer(line => line == "GET /v1/models HTTP/1.1" ? SmallServer.Answer(status, "application/json", body) : SmallServer.Answer("500", "text/plain", line));
        var settings = patient.GoodSettings();
        settings["Agents__Provider"] = "OpenAICompatible";
        settings["Agents__Endpoint"] = $"http://{server.Authority}/v1";
        settings["Agents__Model"] = "small";
        settings["Agents__ApiKey"] = "planted-model-key-0006";

        Is(await patient.ExamineAsync(settings), "model.key", severity, fix);
    }

    [SkippableFact]
    public async Task Run_SecretsInAFileThatOthersRead_IsAWarning()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var file = Path.Combine(patient.Folder, ".env");
        await File.WriteAllTextAsync(file, $"Jira__ApiToken={Planted}\n");
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
#pragma warning restore CA1416
        try
        {
            var session = new DoctorSession { Settings = Cli.Settings.SquadSettings.Load(patient.Folder), Folder = patient.Folder };

            var report = await session.RunAsync(new NoProgress(), default);

            Is(report, "settings.files", FindingSeverity.Warning, "chmod 600 .env");
            Assert.Equal(".env", report.Settings.Single(setting => setting.Name == "Jira__ApiToken").Source);
            Assert.DoesNotContain(Planted, ReportPrinter.ToJson(report), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task ToJson_OfAReport_HasWhatTheHelpSays()
    {
        using var json = JsonDocument.Parse(ReportPrinter.ToJson(await patient.ExamineAsync(patient.GoodSettings())));

        Assert.Equal("warning", json.RootElement.GetProperty("worst").GetString());
        var token = json.RootElement.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("check").GetString() == "jira.token");
        Assert.Equal("ok", token.GetProperty("severity").GetString());
        Assert.Equal("Jira__ApiToken", token.GetProperty("setting").GetString());
    }

    private Task<DoctorReport> ExamineAsync(string setting, string value)
    {
        var settings = patient.GoodSettings();
        settings[setting] = value;
        return patient.ExamineAsync(settings);
    }

    private static void Is(DoctorReport report, string check, FindingSeverity severity, string fix = "", string found = "")
    {
        var matching = report.Findings.Where(finding => finding.Check == check && finding.Severity == severity
            && (finding.Fix ?? "").Contains(fix, StringComparison.Ordinal) && finding.Found.Contains(found, StringComparison.Ordinal));
        Assert.True(matching.Any(), $"No {severity} of {check} with '{found}' and the fix '{fix}' among:\n{string.Join('\n', report.Findings)}");
    }
}
