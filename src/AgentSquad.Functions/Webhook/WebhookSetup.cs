using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Webhook;

/// <summary>Registers the webhook's parts.</summary>
internal static class WebhookSetup
{
    /// <summary>Adds the queue, and the check that an open endpoint stays on this machine.</summary>
    public static IServiceCollection AddWebhook(this IServiceCollection services) => services
        .AddSingleton<IEventQueue, EventQueue>()
        .AddSingleton<RefusedDeliveries>()
        .AddSingleton<IValidateOptions<JiraOptions>, UnsignedWebhooksValidator>();
}
