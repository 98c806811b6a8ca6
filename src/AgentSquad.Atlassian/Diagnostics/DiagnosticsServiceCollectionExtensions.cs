using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Registers the checks.</summary>
public static class DiagnosticsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ISiteDiagnostics"/>. Needs <see cref="JiraServiceCollectionExtensions.AddJira"/> and
    /// <see cref="ConfluenceServiceCollectionExtensions.AddConfluence"/>. Requests are sent once and given up after <paramref name="patience"/>,
    /// so that a check sees the first refusal and not the last of many.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="expected">What the configuration takes for granted.</param>
    /// <param name="administrator">The site as an administrator sees it; null takes the squad's own account.</param>
    /// <param name="patience">Longest wait for one answer.</param>
    public static IServiceCollection AddSiteDiagnostics(
        this IServiceCollection services, SiteExpectations expected, IJiraSite? administrator, TimeSpan patience)
    {
        services.PostConfigure<JiraOptions>(options =>
        {
            options.ReadRetries = 0;
            if (options.RequestTimeout > patience) options.RequestTimeout = patience;
        });
        services.TryAddSingleton<ISiteDiagnostics>(provider => new SiteDiagnostics(
            provider.GetRequiredService<JiraHttp>(),
            provider.GetRequiredService<IJiraSite>(),
            administrator ?? provider.GetRequiredService<IJiraSite>(),
            provider.GetRequiredService<IConfluenceClient>(),
            provider.GetRequiredService<IOptions<JiraOptions>>().Value,
            provider.GetRequiredService<IOptions<ConfluenceOptions>>().Value,
            expected,
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
