using System.Net;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Connect;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Doctor;

/// <summary>Whether the function app runs, and whether it takes events that are signed with the configured secret.</summary>
internal sealed class FunctionAppCheck(HttpClient http, SquadSettings settings, SystemFile? system)
{
    private const string Check = "app.health";
    private const string PortSetting = LocalApp.PortSetting;
    private const string SecretSetting = "Jira__WebhookSecret";

    private Uri _app = null!;

    /// <summary>The checks.</summary>
    public IEnumerable<DiagnosticCheck> Checks =>
    [
        new(Check, "Asking the function app", HealthAsync) { IsGate = true },
        new("app.webhook", "Sending the function app a signed probe", ProbeAsync),
    ];

    private bool IsThere { get; set; }

    private async Task<IReadOnlyList<Finding>> HealthAsync(CancellationToken cancellation)
    {
        try
        {
            _app = LocalApp.AddressOf(system, settings);
        }
        catch (CliException)
        {
            return [Finding.Error(Check, $"{PortSetting} is no port.", "Set it to a number from 1 to 65535, or remove it for the default.", PortSetting)];
        }

        var health = await FunctionAppClient.GetHealthAsync(http, _app.OriginalString.TrimEnd('/'), cancellation);
        IsThere = health.Status is "healthy" or "standby";
        return health.Status switch
        {
            "healthy" => [Finding.Ok(Check, $"The function app at {_app.Authority} is healthy.", PortSetting)],
            "standby" => [Finding.Warning(
                Check, $"The function app at {_app.Authority} stands by: another process works on the same task hub.",
                "Stop one of the two, or give them different hub names.", PortSetting)],
            "unhealthy" => [Finding.Error(Check, $"The function app at {_app.Authority} runs, but its storage does not answer.", "Mend AzureWebJobsStorage, or start Azurite.", "AzureWebJobsStorage")],
            _ => [Finding.Warning(Check, $"No function app answers at {_app.Authority}.", "Start it with 'squad up'. One that runs elsewhere is not looked at from here.", PortSetting)],
        };
    }

    private async Task<IReadOnlyList<Finding>> ProbeAsync(CancellationToken cancellation)
    {
        if (!IsThere || (system?.WebhookSecret ?? settings.FindText(SecretSetting)) is not { Length: > 0 } secret) return [];
        var probe = await WebhookProbe.SendAsync(http, WebhookProbe.AddressOf(_app), secret, cancellation);
        return probe.Status switch
        {
            HttpStatusCode.Accepted => [Finding.Ok("app.webhook", "The function app takes events that are signed with the configured secret.", SecretSetting)],
            HttpStatusCode.Unauthorized => [Finding.Error(
                "app.webhook", "The function app does not know the configured webhook secret (401): it was started with another one.",
                "Restart the function app, so that it reads the settings again.", SecretSetting)],
            _ => [Finding.Error("app.webhook", $"The function app did not take a signed event: {probe.Said}.", "Look at its log.", SecretSetting)],
        };
    }
}
