using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Rest.Endpoints;
using AgentSquad.JiraSandbox.Site;
using Microsoft.Extensions.Options;

namespace AgentSquad.JiraSandbox.Rest;

/// <summary>The REST resources, under every version that the deployment has.</summary>
internal static class RestApi
{
    /// <summary>Maps all resources.</summary>
    public static void MapRestApi(this WebApplication app)
    {
        var deployment = app.Services.GetRequiredService<IOptions<SandboxOptions>>().Value.Deployment;
        string[] versions = deployment == SandboxDeployment.Cloud ? ["2", "3"] : ["2", "latest"];
        foreach (var version in versions)
        {
            var group = app.MapGroup($"/rest/api/{version}").AddEndpointFilter(InsideTheGateAsync);
            group.MapServerAndUsers(deployment);
            group.MapIssues();
            group.MapTransitions();
            group.MapComments();
            group.MapProperties();
            group.MapAttachments();
            group.MapLinks();
            group.MapPeople();
            group.MapSchemes();
            group.MapMetadata();
            group.MapSearch(version == "3" || deployment == SandboxDeployment.Cloud);
        }

        app.MapAttachmentDownload();
        app.MapServiceDesk();
        app.MapWebhookRegistration();
        app.MapFallback("/rest/{**path}", (HttpContext http) => Answers.WriteAsync(
            http, JiraRefusal.NotFound($"No resource method found for {http.Request.Method}, no such path: {http.Request.Path}")));
    }

    /// <summary>One request at a time sees and changes the site; a refusal becomes Jira's answer.</summary>
    public static async ValueTask<object?> InsideTheGateAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var store = context.HttpContext.RequestServices.GetRequiredService<SiteStore>();

        // Without the request's cancellation: a write whose caller went away still happens, as on a real site.
        using (await store.EnterAsync(CancellationToken.None))
        {
            try
            {
                return await next(context);
            }
            catch (JiraRefusal refusal)
            {
                return Answers.Json(refusal.ToBody(), refusal.Status);
            }
        }
    }
}
