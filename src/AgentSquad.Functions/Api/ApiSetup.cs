using AgentSquad.Functions.Activities;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Functions.Api;

/// <summary>Registers what the functions share.</summary>
internal static class ApiSetup
{
    /// <summary>Adds the parts of the HTTP API.</summary>
    public static IServiceCollection AddTicketApi(this IServiceCollection services) => services.AddSingleton<TicketLocator>();

    /// <summary>Adds what activities use of each other.</summary>
    public static IServiceCollection AddActivities(this IServiceCollection services) => services
        .AddSingleton<RightsJudge>()
        .AddSingleton<SignalReader>()
        .AddSingleton<AgentCalls>()
        .AddSingleton<AttachedFiles>()
        .AddSingleton<CommentActivities>();
}
