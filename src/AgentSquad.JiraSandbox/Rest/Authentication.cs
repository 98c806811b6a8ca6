using System.Security.Cryptography;
using System.Text;
using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Site;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Rest;

/// <summary>
/// Logs the caller of REST in: e-mail and API token on Cloud; user name or e-mail and password, or a personal access token as bearer, on
/// Data Center and through the gateway of Cloud. Nobody reaches REST without, the server's own description excepted.
/// </summary>
internal sealed class Authentication(RequestDelegate next, SiteStore store, IOptions<SandboxOptions> options)
{
    private static readonly string[] Guarded = ["/rest", "/wiki", "/secure"];

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (!Array.Exists(Guarded, prefix => http.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal)))
        {
            await next(http);
            return;
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            if (http.Request.Path.Value!.EndsWith("/serverInfo", StringComparison.Ordinal)) await next(http);
            else await RefuseAsync(http, "OUT");
            return;
        }

        if (Find(http, header) is not { } account)
        {
            await RefuseAsync(http, "AUTHENTICATED_FAILED");
            return;
        }

        using (await store.EnterAsync(CancellationToken.None))
            RestCall.SetCaller(http, store.Site.Users.First(user => user.AccountId == account.AccountId));
        http.Response.Headers["X-AACCOUNTID"] = account.AccountId;
        await next(http);
    }

    /// <summary>The answer to a wrong or missing login.</summary>
    public static async Task RefuseAsync(HttpContext http, string reason)
    {
        http.Response.Headers["X-Seraph-LoginReason"] = reason;
        if (reason == "AUTHENTICATED_FAILED" && IsOpenToAnonymous(http))
        {
            await Answers.WriteAsync(http, JiraRefusal.NotFound("Issue does not exist or you do not have permission to see it."));
            return;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = "OAuth realm=\"sandbox\"";
        http.Response.ContentType = "application/json;charset=UTF-8";
        await http.Response.WriteAsync(
            """{"errorMessages":["Client must be authenticated to access this resource."],"errors":{}}""");
    }

    // Cloud takes a wrong login for none and lets it ask for tickets, of which it sees none; a Data Center refuses it everywhere, as the gateway does.
    private static bool IsOpenToAnonymous(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<SandboxOptions>>().Value.Deployment == SandboxDeployment.Cloud
        && !http.Request.PathBase.HasValue
        && http.Request.Path.StartsWithSegments("/rest/api", StringComparison.Ordinal)
        && http.Request.Path.Value!.Contains("/issue/", StringComparison.Ordinal);

    private SandboxUserOptions? Find(HttpContext http, string header)
    {
        var cloud = options.Value.Deployment == SandboxDeployment.Cloud;
        if ((!cloud || http.Request.PathBase.HasValue) && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return options.Value.Users.FirstOrDefault(user => Same(user.ApiToken, header[7..].Trim()));
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        string pair;
        try
        {
            pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim()));
        }
        catch (FormatException)
        {
            return null;
        }

        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var (name, secret) = (pair[..colon], pair[(colon + 1)..]);

        // Several accounts may share an e-mail only by mistake, so the first that fits is the one.
        return options.Value.Users.FirstOrDefault(user =>
            (user.Email.Equals(name, StringComparison.OrdinalIgnoreCase) || (!cloud && user.AccountId == name)) && Same(user.ApiToken, secret));
    }

    private static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
