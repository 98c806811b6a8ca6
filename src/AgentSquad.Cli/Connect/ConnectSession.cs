using System.Net;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Cli.Doctor;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Cli.Connect;

/// <summary>Connects a Jira site with the app behind a public address.</summary>
internal sealed record ConnectSession
{
    private const string ProbeCheck = "connect.probe";

    /// <summary>The settings, with those of a running sandbox.</summary>
    public required SquadSettings Settings { get; init; }

    /// <summary>The public address, as it was typed.</summary>
    public required string Url { get; init; }

    /// <summary>The app on this machine; null when it runs elsewhere.</summary>
    public Uri? LocalApp { get; init; }

    /// <summary>The webhook's name on the site, by which it is found again.</summary>
    public required string Name { get; init; }

    /// <summary>Which tickets it is about; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether the values are printed instead of registered.</summary>
    public bool PrintOnly { get; init; }

    /// <summary>Longest wait for one answer.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Checks, proves and registers, in this order: nothing is registered that would not work.</summary>
    /// <exception cref="CliException">What is needed to begin with is not there.</exception>
    public async Task<ConnectReport> RunAsync(IProgressView view, CancellationToken cancellation)
    {
        var site = new Uri((Settings.FindText("Jira__BaseUrl", "JIRA_URL")
            ?? throw new CliException("No Jira site is configured: set Jira__BaseUrl, or start a sandbox with 'squad up'.")).TrimEnd('/'));
        var secret = Settings.FindText("Jira__WebhookSecret")
            ?? throw new CliException("Jira__WebhookSecret is missing: set it to a long random text, such as from 'openssl rand -hex 32', and restart the app.");
        var address = PublicAddress.Read(Url, site);
        var draft = new JiraWebhookDraft(Name, WebhookProbe.AddressOf(address).AbsoluteUri, secret, Filter);
        var findings = new List<Finding>();
        using var http = PublicHttp.Create(Limit);

        view.Now($"Asking {address} who it is");
        findings.Add(await Try("connect.reach", () => new ReachCheck(http).RunAsync(address, LocalApp, cancellation), cancellation));
        if (findings[^1].Severity != FindingSeverity.Error)
        {
            view.Now("Sending a signed event through it, and one with a wrong signature");
            findings.Add(await Try(ProbeCheck, () => ProbeAsync(http, address, secret, cancellation), cancellation));
        }

        var isProven = findings.TrueForAll(finding => finding.Severity != FindingSeverity.Error);
        if (isProven && !PrintOnly)
        {
            view.Now($"Registering the webhook on {site}");
            findings.Add(await RegisterAsync(draft, cancellation));
        }

        var redactor = new Redactor(Settings);
        var isRegistered = isProven && !PrintOnly && findings[^1].Severity == FindingSeverity.Ok;
        return new ConnectReport(
            [.. findings.Select(redactor.Clean)], isProven, isRegistered, isRegistered || !isProven ? null : FormValues.Of(draft, DoctorSession.SourceOf(Settings, "Jira__WebhookSecret")!, site));
    }

    private async Task<Finding> RegisterAsync(JiraWebhookDraft draft, CancellationToken cancellation)
    {
        await using var services = SiteServices.Create(
            SiteServices.WithoutConfluence(SiteServices.AsAdministrator(Settings) ?? Settings), new SiteExpectations(), administrator: null, Limit, TimeProvider.System);
        if (!SiteServices.IsUsable<JiraOptions>(services))
        {
            return Finding.Error("connect.webhook", "The Jira settings cannot be used.", "'squad doctor' says what is wrong with them.");
        }

        try
        {
            return await new WebhookRegistrar(services.GetRequiredService<IJiraSite>(), services.GetRequiredService<ISiteEffects>()).RegisterAsync(draft, cancellation);
        }
        catch (JiraException error)
        {
            return Finding.Error("connect.webhook", error.Message, "'squad doctor' looks at the site more closely.");
        }
    }

    private static async Task<Finding> ProbeAsync(HttpClient http, Uri address, string secret, CancellationToken cancellation)
    {
        var webhook = WebhookProbe.AddressOf(address);
        var signed = await WebhookProbe.SendAsync(http, webhook, secret, cancellation);
        if (signed.Status == HttpStatusCode.Unauthorized)
        {
            return Finding.Error(
                ProbeCheck, "The app does not know the configured webhook secret (401).",
                "Restart the app so that it reads the settings again; when it runs elsewhere, give it the same Jira__WebhookSecret.", "Jira__WebhookSecret");
        }

        if (signed.Status != HttpStatusCode.Accepted)
        {
            return Finding.Error(ProbeCheck, $"A signed event sent to {webhook} was answered {signed.Said} instead of 202.", "Check that the proxy passes POST requests and their bodies on unchanged.");
        }

        // An endpoint that takes everything would have taken the first one too.
        var wrong = await WebhookProbe.SendAsync(http, webhook, secret + "x", cancellation);
        return wrong.Status == HttpStatusCode.Unauthorized
            ? Finding.Ok(ProbeCheck, "A signed event sent through it was taken (202) and started nothing; one with a wrong signature was refused (401).")
            : Finding.Error(ProbeCheck, $"An event with a wrong signature was answered {wrong.Said} instead of 401: what answers there is not this app.", "Point the address at the app itself.");
    }

    private static async Task<Finding> Try(string check, Func<Task<Finding>> action, CancellationToken cancellation)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return Finding.Error(check, $"No answer: {exception.Message}", "Start the tunnel or proxy, and check the address.");
        }
    }
}
