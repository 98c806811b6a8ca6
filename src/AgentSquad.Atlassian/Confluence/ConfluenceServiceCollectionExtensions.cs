using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>Registers the Confluence site.</summary>
public static class ConfluenceServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IConfluenceClient"/> and its options, read from the section <c>Confluence</c> and from <c>CONFLUENCE_URL</c>,
    /// <c>CONFLUENCE_USERNAME</c>, <c>CONFLUENCE_API_TOKEN</c>. Needs <see cref="JiraServiceCollectionExtensions.AddJira"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration's root.</param>
    public static IServiceCollection AddConfluence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ConfluenceOptions>().Bind(configuration.GetSection(ConfluenceOptions.Section)).ValidateOnStart();
        services.TryAddSingleton(provider => new ConfluenceOptionsSetup(configuration, provider.GetRequiredService<IOptions<JiraOptions>>()));
        services.AddSingleton<IPostConfigureOptions<ConfluenceOptions>>(provider => provider.GetRequiredService<ConfluenceOptionsSetup>());
        services.AddSingleton<IValidateOptions<ConfluenceOptions>>(provider => provider.GetRequiredService<ConfluenceOptionsSetup>());
        services.TryAddSingleton<IConfluenceClient>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ConfluenceOptions>>().Value;
            var jira = provider.GetRequiredService<IOptions<JiraOptions>>().Value;
            var http = new JiraHttp(provider.GetRequiredService<IHttpClientFactory>(), SiteAccess.Of(options, jira.RequestTimeout));
            return new ConfluenceClient(
                http,
                options.Deployment == JiraDeployment.Cloud ? new ConfluenceCloudDialect() : new ConfluenceDataCenterDialect(),
                jira.LateWriteWait ?? jira.RequestTimeout,
                provider.GetRequiredService<TimeProvider>());
        });
        return services;
    }
}
