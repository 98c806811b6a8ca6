using System.Diagnostics;
using System.Reflection;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary><c>GET /admin/host/status</c> with the master key.</summary>
internal sealed class AdminEndpoints(TaskHubHost hub, HostSettings settings) : IHostEndpoints
{
    private static readonly string Version =
        typeof(AdminEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public void Map(IEndpointRouteBuilder app, HostKeys keys) => app.MapGet("/admin/host/status", async (HttpContext http) =>
    {
        if (!keys.OpensAdmin(RequestKeys.Of(http.Request)))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var process = Process.GetCurrentProcess();
        await http.Response.WriteAsJsonAsync(new
        {
            id = settings.HubName,
            state = hub.State switch
            {
                TaskHubState.Active => "Running",
                TaskHubState.Standby => "Standby",
                _ => "Stopping",
            },
            version = Version,
            processUptime = (long)(DateTime.Now - process.StartTime).TotalMilliseconds,
        });
    });
}
