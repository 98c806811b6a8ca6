using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Budgets;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Functions.Budgets;

/// <summary>Registers what is kept of models' answers and their cost.</summary>
internal static class BudgetSetup
{
    /// <summary>Adds the ledger and the store on the app's storage account, in place of those in memory.</summary>
    public static IServiceCollection AddSquadBudgets(this IServiceCollection services) => services
        .AddSingleton<IBudgetLedger, TableBudgetLedger>()
        .AddSingleton<IAnswerStore, ArtifactAnswerStore>()
        .AddSingleton<TicketCosts>();
}
