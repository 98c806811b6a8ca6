using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Site;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Rest;

/// <summary>How a reader sees the site: through which address, which version of REST, which product.</summary>
/// <param name="Site">The site.</param>
/// <param name="BaseUrl">Address of the site, without trailing slash.</param>
/// <param name="Version">2 (wiki markup) or 3 (ADF).</param>
/// <param name="Deployment">Product.</param>
internal sealed record View(SiteModel Site, string BaseUrl, int Version, SandboxDeployment Deployment)
{
    /// <summary>Whether people are known by account id.</summary>
    public bool IsCloud => Deployment == SandboxDeployment.Cloud;

    /// <summary>Address of a REST resource.</summary>
    public string Self(string path) => $"{BaseUrl}/rest/api/{Version}/{path}";
}

/// <summary>Finds the address under which the site is known.</summary>
internal sealed class SiteAddress(IServer server, IOptions<SandboxOptions> options)
{
    /// <summary>The first address that the server listens on, without trailing slash.</summary>
    public string BoundUrl =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1").TrimEnd('/');

    /// <summary>The configured address, else the one that the server listens on; without trailing slash.</summary>
    public string BaseUrl => options.Value.BaseUrl is { Length: > 0 } configured ? configured.TrimEnd('/') : BoundUrl;
}
