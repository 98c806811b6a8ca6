using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Functions.Storage;

/// <summary>Registers what the app keeps on its storage account.</summary>
internal static class StorageSetup
{
    /// <summary>Adds the account and the stores on it.</summary>
    public static IServiceCollection AddSquadStorage(this IServiceCollection services) => services
        .AddSingleton(provider => new StorageAccount(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton<ArtifactStore>()
        .AddSingleton<TicketIndex>()
        .AddSingleton<SitePlaceTable>();
}
