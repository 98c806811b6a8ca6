using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Configuration;

/// <summary>Registers the squad's options.</summary>
internal static class SquadOptionsSetup
{
    /// <summary>Binds <see cref="SquadOptions"/> and validates it when the app starts.</summary>
    public static IServiceCollection AddSquadOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SquadOptions>().Bind(configuration.GetSection(SquadOptions.Section)).ValidateDataAnnotations().ValidateOnStart();

        // Policies may filter by fields of the ticket, so each ticket is read with them.
        services.AddOptions<JiraOptions>().PostConfigure<IOptions<SquadOptions>>((jira, squad) =>
        {
            var fields = squad.Value.Projects.Values.Prepend(squad.Value.Triggers).SelectMany(triggers => triggers.FieldValues.Keys);
            foreach (var field in fields.Except(jira.TicketFields, StringComparer.OrdinalIgnoreCase).ToList()) jira.TicketFields.Add(field);
        });
        return services;
    }
}
