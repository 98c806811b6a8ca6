using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Cli.Doctor;

/// <summary>One visit of the doctor.</summary>
internal sealed record DoctorSession
{
    private const string RunningSystemSource = "the running system";

    /// <summary>The settings.</summary>
    public required SquadSettings Settings { get; init; }

    /// <summary>Folder with the settings files.</summary>
    public required string Folder { get; init; }

    /// <summary>The running system; null when none runs.</summary>
    public SystemFile? System { get; init; }

    /// <summary>Projects that the person at the terminal named.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Longest time for one check.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether the MCP servers are tried.</summary>
    public bool Mcp { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Path of the function app's assembly.</summary>
    public string AppAssembly { get; init; } = BuildInfo.FunctionApp;

    /// <summary>Runs every check.</summary>
    public async Task<DoctorReport> RunAsync(IProgressView view, CancellationToken cancellation)
    {
        var settings = WithRunningSandbox(Settings, System);
        var facts = SquadFacts.Read(settings);
        var patience = Limit * 0.8;
        var runner = new CheckRunner(Limit, view);
        await runner.RunAsync(new SettingsCheck(settings, Folder, () => AppRules.Complaints(settings.ToConfiguration(), AppAssembly)).Checks, cancellation);
        runner.Add(facts.Contradictions());

        using var http = LocalHttp.Create();
        await runner.RunAsync(new StorageCheck(settings, System, patience).Checks, cancellation);
        await runner.RunAsync(new FunctionAppCheck(http, settings, System).Checks, cancellation);
        using var internet = PublicHttp.Create(patience);
        await runner.RunAsync(new ModelCheck(internet, settings, Time).Checks, cancellation);
        if (Mcp) await runner.RunAsync(new McpCheck(settings, AppAssembly).Checks, cancellation);
        await RunSitesAsync(runner, settings, facts.ToExpectations(Projects), patience, cancellation);

        var redactor = new Redactor(settings, [System?.WebhookSecret, System?.Storage]);
        return new DoctorReport(
            [.. runner.Findings.Select(finding => redactor.Clean(finding with { Source = SourceOf(settings, finding.Setting) }))],
            runner.NotChecked,
            [.. InUse(settings).Select(setting => setting with { Value = redactor.Clean(setting.Value) })]);
    }

    /// <summary>Where a setting's value came from, in words: <c>.env</c>, <c>environment (JIRA_URL)</c>, <c>default</c>.</summary>
    public static string? SourceOf(SquadSettings settings, string? name)
    {
        if (name is null) return null;
        if (settings.FindText(name) is not null) return settings.SourceOf(name);
        if (SettingCatalogue.Aliases.TryGetValue(name, out var other) && settings.FindText(other) is not null) return $"{settings.SourceOf(other)} ({other})";
        return settings.SourceOf(name) is { } source ? $"{source} (empty)" : "default";
    }

    /// <summary>The settings with the site of a running sandbox, which is what <c>squad up</c> works with when none is configured.</summary>
    public static SquadSettings WithRunningSandbox(SquadSettings settings, SystemFile? system) =>
        system?.Sandbox is { } sandbox && settings.FindText("Jira__BaseUrl", "JIRA_URL") is null
            ? settings.With(
                RunningSystemSource,
                [
                    KeyValuePair.Create("Jira__BaseUrl", sandbox), KeyValuePair.Create("Jira__Email", SandboxAccount.Bot.Email),
                    KeyValuePair.Create("Jira__ApiToken", SandboxAccount.Bot.ApiToken), KeyValuePair.Create("Jira__Deployment", "Cloud"),
                    KeyValuePair.Create("Jira__WebhookSecret", system.WebhookSecret ?? ""),
                    KeyValuePair.Create(SiteServices.AdminUser, SandboxAccount.Reporter.Email), KeyValuePair.Create(SiteServices.AdminToken, SandboxAccount.Reporter.ApiToken),
                ])
            : settings;

    private async Task RunSitesAsync(CheckRunner runner, SquadSettings settings, SiteExpectations expected, TimeSpan patience, CancellationToken cancellation)
    {
        await using var asAdministrator = SiteServices.AsAdministrator(settings) is { } admin ? SiteServices.Create(admin, expected, null, patience, Time) : null;
        var administrator = asAdministrator is not null && SiteServices.IsUsable<JiraOptions>(asAdministrator) ? asAdministrator.GetRequiredService<IJiraSite>() : null;
        await using var services = SiteServices.Create(settings, expected, administrator, patience, Time);

        // What is wrong with options that cannot be used was said when the app's own rules were asked.
        if (!SiteServices.IsUsable<JiraOptions>(services))
        {
            runner.LeaveOut("jira");
            runner.LeaveOut("confluence");
        }
        else if (!SiteServices.IsUsable<ConfluenceOptions>(services))
        {
            runner.LeaveOut("confluence");
            await using var withoutConfluence = SiteServices.Create(SiteServices.WithoutConfluence(settings), expected, administrator, patience, Time);
            await runner.RunAsync(withoutConfluence.GetRequiredService<ISiteDiagnostics>().Checks, cancellation);
        }
        else
        {
            await runner.RunAsync(services.GetRequiredService<ISiteDiagnostics>().Checks, cancellation);
        }
    }

    private static IEnumerable<SettingInUse> InUse(SquadSettings settings) => settings.StartingWith("")
        .Where(pair => pair.Value.Length > 0 && SettingCatalogue.IsOurs(pair.Key))
        .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
        .Select(pair => new SettingInUse(pair.Key, SettingCatalogue.IsSecret(pair.Key) ? "(set)" : pair.Value, settings.SourceOf(pair.Key)!));
}
