using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Jira.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Registers the Jira site.</summary>
public static class JiraServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IJiraSite"/> and <see cref="ISiteEffects"/>, under their narrower names too, and their options, read from the section <c>Jira</c> and from
    /// <c>JIRA_URL</c>, <c>JIRA_USERNAME</c>, <c>JIRA_API_TOKEN</c>. Settings are validated when the host starts.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration's root.</param>
    public static IServiceCollection AddJira(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JiraOptions>().Bind(configuration.GetSection(JiraOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JiraOptions>>(new JiraOptionsSetup(configuration)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JiraOptions>, JiraOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddJiraHttpClient();
        services.TryAddSingleton(provider => new JiraHttp(
            provider.GetRequiredService<IHttpClientFactory>(), SiteAccess.Of(provider.GetRequiredService<IOptions<JiraOptions>>().Value)));
        services.TryAddSingleton<IJiraDialect>(provider =>
            provider.GetRequiredService<IOptions<JiraOptions>>().Value.Deployment == JiraDeployment.Cloud ? new CloudDialect() : new DataCenterDialect());
        services.TryAddSingleton<CommentText>();
        services.TryAddSingleton<JiraClient>();
        services.TryAddSingleton<IJiraSite>(provider => provider.GetRequiredService<JiraClient>());
        services.TryAddSingleton<IJiraClient>(provider => provider.GetRequiredService<JiraClient>());
        services.TryAddSingleton<ISiteEffects, TicketEffects>();
        services.TryAddSingleton<ITicketEffects>(provider => provider.GetRequiredService<ISiteEffects>());
        return services;
    }
}
