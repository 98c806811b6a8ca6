namespace AgentSquad.JiraSandbox.Rest;

/// <summary>
/// Plays <c>api.atlassian.com</c>: <c>/ex/jira/{cloudId}</c> and <c>/ex/confluence/{cloudId}</c> before a path lead to the same resources, as
/// they do for scoped tokens. <c>/_edge/tenant_info</c> tells the id.
/// </summary>
internal sealed class Gateway(RequestDelegate next)
{
    /// <summary>The site's cloud id.</summary>
    public const string CloudId = "5ad00b0c-0000-4000-8000-000000000001";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path == "/_edge/tenant_info")
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync($$"""{"cloudId":"{{CloudId}}"}""");
            return;
        }

        foreach (var product in (string[])["jira", "confluence"])
        {
            if (!http.Request.Path.StartsWithSegments($"/ex/{product}", out var rest)) continue;
            if (!rest.StartsWithSegments($"/{CloudId}", out var path))
            {
                await Answers.WriteAsync(http, JiraRefusal.NotFound("No site with this cloud id."));
                return;
            }

            http.Request.PathBase = $"/ex/{product}/{CloudId}";
            http.Request.Path = path;
            break;
        }

        await next(http);
    }
}
