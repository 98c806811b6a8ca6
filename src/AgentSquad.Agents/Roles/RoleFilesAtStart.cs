using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Roles;

/// <summary>Reads the role files when the app starts.</summary>
internal sealed class RoleFilesAtStart(IServiceProvider services, IOptions<AgentsOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Provider != AgentsProvider.Offline) _ = services.GetRequiredService<RoleCatalog>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
