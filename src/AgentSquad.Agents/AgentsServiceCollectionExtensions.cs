using AgentSquad.Agents.Offline;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents;

/// <summary>Registers the agents.</summary>
public static class AgentsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ISquadAgents"/> as the section <c>Agents</c> asks for; a wrong setting stops the start with its name and the fix.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root configuration.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSquadAgents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AgentsOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<AgentsOptions>>(new AgentsOptionsSetup(configuration)));
        services.TryAddSingleton<ISquadAgents>(provider =>
        {
            // Reading the options is what rejects a provider that does not exist.
            _ = provider.GetRequiredService<IOptions<AgentsOptions>>().Value;
            return new OfflineSquadAgents();
        });
        return services;
    }
}
