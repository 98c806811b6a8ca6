using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Cli.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Cli.Doctor;

/// <summary>The sites as the app would reach them, and as an administrator does.</summary>
internal static class SiteServices
{
    /// <summary>User name or e-mail address of an administrator, for single commands.</summary>
    public const string AdminUser = "JIRA_ADMIN_USERNAME";

    /// <summary>That administrator's token.</summary>
    public const string AdminToken = "JIRA_ADMIN_API_TOKEN";

    /// <summary>Registers the sites; the caller disposes the provider.</summary>
    public static ServiceProvider Create(SquadSettings settings, SiteExpectations expected, IJiraSite? administrator, TimeSpan patience, TimeProvider time)
    {
        var configuration = settings.ToConfiguration();
        var services = new ServiceCollection();
        services.TryAddSingleton(time);
        return services
            .AddLogging()
            .AddJira(configuration)
            .AddConfluence(configuration)
            .AddSiteDiagnostics(expected, administrator, patience)
            .BuildServiceProvider();
    }

    /// <summary>The settings with the administrator's account instead of the squad's; null when none is given.</summary>
    public static SquadSettings? AsAdministrator(SquadSettings settings) => settings.FindText(AdminToken) is { } token
        ? settings.With(
            AdminToken,
            [KeyValuePair.Create("Jira__Email", settings.FindText(AdminUser) ?? ""), KeyValuePair.Create("JIRA_USERNAME", ""), KeyValuePair.Create("Jira__ApiToken", token)])
        : null;

    /// <summary>The settings without Confluence.</summary>
    public static SquadSettings WithoutConfluence(SquadSettings settings) => settings.With(
        "", [KeyValuePair.Create("Confluence__BaseUrl", ""), KeyValuePair.Create("CONFLUENCE_URL", ""), KeyValuePair.Create("Confluence__SpaceKey", "")]);

    /// <summary>Whether the options of a section can be read; what is wrong with them is told elsewhere.</summary>
    public static bool IsUsable<T>(IServiceProvider services)
        where T : class
    {
        try
        {
            _ = services.GetRequiredService<IOptions<T>>().Value;
            return true;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            return false;
        }
    }
}
