using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Functions.Configuration;

/// <summary>Registers the squad's options.</summary>
internal static class SquadOptionsSetup
{
    /// <summary>Binds <see cref="SquadOptions"/> and validates it when the app starts.</summary>
    public static IServiceCollection AddSquadOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SquadOptions>().Bind(configuration.GetSection(SquadOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
