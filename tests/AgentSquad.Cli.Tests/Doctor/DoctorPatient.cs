using AgentSquad.Cli.Doctor;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Settings;
using AgentSquad.Cli.Tests.Support;
using Spectre.Console;

namespace AgentSquad.Cli.Tests.Doctor;

/// <summary>One sandbox of each product for the whole class, and a set-up on it in which everything is right until a test breaks something.</summary>
public sealed class DoctorPatient : IAsyncLifetime
{
    /// <summary>Secrets of the set-up. None may ever be shown.</summary>
    public const string WebhookSecret = "hush-hush-webhook-secret-0001";

    public const string PreviousSecret = "hush-hush-previous-secret-0002";
    private const string WebhookUrl = "https://squad.example/api/jira/webhook";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-doctor-");

    internal SandboxProcess Cloud { get; private set; } = null!;

    internal SandboxProcess DataCenter { get; private set; } = null!;

    internal string Folder => _folder.FullName;

    public async Task InitializeAsync()
    {
        var cloud = SandboxProcess.StartAsync("Cloud");
        var dataCenter = SandboxProcess.StartAsync("DataCenter");
        (Cloud, DataCenter) = (await cloud, await dataCenter);
    }

    public async Task DisposeAsync()
    {
        await Cloud.DisposeAsync();
        await DataCenter.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Settings in which everything is right.</summary>
    internal Dictionary<string, string> GoodSettings() => new()
    {
        ["Jira__BaseUrl"] = Cloud.Url,
        ["Jira__Email"] = SandboxAccount.Bot.Email,
        ["Jira__ApiToken"] = SandboxAccount.Bot.ApiToken,
        ["Jira__WebhookSecret"] = WebhookSecret,
        ["Jira__PreviousWebhookSecret"] = PreviousSecret,
        ["JIRA_ADMIN_USERNAME"] = SandboxAccount.Reporter.Email,
        ["JIRA_ADMIN_API_TOKEN"] = SandboxAccount.Reporter.ApiToken,
        ["Squad__Triggers__Projects__0"] = "TEST",

        // Nothing of this machine is to be found: neither an app nor somebody's Azurite.
        ["EmbeddedHost__Port"] = "1",
        ["AzureWebJobsStorage__accountName"] = "none",
    };

    /// <summary>Settings of the Data Center in which everything is right.</summary>
    internal Dictionary<string, string> GoodDataCenter()
    {
        var settings = GoodSettings();
        settings["Jira__BaseUrl"] = DataCenter.Url;
        settings["Jira__Deployment"] = "DataCenter";
        settings["Jira__Email"] = "";
        settings["JIRA_ADMIN_USERNAME"] = "";
        return settings;
    }

    /// <summary>A webhook as it should be, on both.</summary>
    internal async Task HealAsync()
    {
        foreach (var sandbox in (SandboxProcess[])[Cloud, DataCenter])
        {
            await sandbox.ResetAsync();
            await sandbox.RegisterWebhookAsync(WebhookUrl, WebhookSecret);
        }
    }

    /// <summary>Lets the doctor look, and makes sure that no secret shows in anything it prints.</summary>
    internal async Task<DoctorReport> ExamineAsync(IEnumerable<KeyValuePair<string, string>> settings, TimeSpan ahead = default, double seconds = 30)
    {
        var all = settings.ToList();
        var session = new DoctorSession
        {
            Settings = SquadSettings.From(all), Folder = Folder, Limit = TimeSpan.FromSeconds(seconds), Time = new ShiftedClock(ahead),
        };
        var progress = new Progress();
        var report = await session.RunAsync(progress, default);
        using var printed = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(printed), Ansi = AnsiSupport.No });
        console.Profile.Width = 400;
        ReportPrinter.Print(console, report, withSettings: true);
        var shown = $"{printed}\n{ReportPrinter.ToJson(report)}\n{string.Join('\n', progress.Lines)}";
        foreach (var (name, secret) in all.Where(pair => pair.Value.Length > 4 && SettingCatalogue.IsSecret(pair.Key)))
        {
            Assert.False(shown.Contains(secret, StringComparison.Ordinal), $"The value of {name} is shown:\n{shown}");
        }

        return report;
    }

    private sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }

    private sealed class Progress : IProgressView
    {
        public List<string> Lines { get; } = [];

        public void Now(string doing) => Lines.Add(doing);

        public void Done(string done) => Lines.Add(done);
    }
}
