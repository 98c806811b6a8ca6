using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Functions.Intake;

/// <summary>Registers what brings events to runs.</summary>
internal static class IntakeSetup
{
    /// <summary>Adds the inbox and what fills it.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton<IInbox, Inbox>()
        .AddSingleton<IDeliveryLog, DeliveryLog>()
        .AddSingleton<SiteRegistry>()
        .AddSingleton<RunStarter>();
}
