using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Models;
using AgentSquad.Agents.Offline;
using AgentSquad.Agents.Prompts;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using AgentSquad.Agents.Tools;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents;

/// <summary>Registers the agents.</summary>
public static class AgentsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ISquadAgents"/> as the section <c>Agents</c> asks for; a wrong setting stops the start with its name and the fix.
    /// Register <see cref="IAnswerStore"/> and <see cref="IBudgetLedger"/> before, or both are in memory.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root configuration.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSquadAgents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLogging();
        services.AddOptions<AgentsOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<AgentsOptions>>(new AgentsOptionsSetup(configuration)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AgentsOptions>, AgentsOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new SecretGuard(configuration));
        services.TryAddSingleton<IAnswerStore, MemoryAnswerStore>();
        services.TryAddSingleton<IBudgetLedger, MemoryBudgetLedger>();
        services.TryAddSingleton<IModelClients, ProviderClients>();
        services.TryAddSingleton<IToolboxes, McpToolboxes>();
        services.TryAddSingleton<RoleCatalog>();
        services.TryAddSingleton<PromptWriter>();
        services.TryAddSingleton<ModelCaller>();
        services.TryAddSingleton<TypedQuestions>();
        services.TryAddSingleton<LlmSquadAgents>();
        services.TryAddSingleton<ISquadAgents>(provider => provider.GetRequiredService<IOptions<AgentsOptions>>().Value.Provider == AgentsProvider.Offline
            ? new OfflineSquadAgents()
            : provider.GetRequiredService<LlmSquadAgents>());
        // Role files are read at the start, so that a wrong one stops it.
        services.AddHostedService<RoleFilesAtStart>();
        return services;
    }
}
