using Microsoft.AspNetCore.Routing;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>Endpoints of the host itself.</summary>
internal interface IHostEndpoints
{
    /// <summary>Adds them.</summary>
    void Map(IEndpointRouteBuilder app, HostKeys keys);
}
