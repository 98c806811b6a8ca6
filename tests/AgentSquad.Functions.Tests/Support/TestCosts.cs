using AgentSquad.Agents;
using AgentSquad.Agents.Budgets;
using AgentSquad.Functions.Budgets;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>Costs of runs in tests.</summary>
internal static class TestCosts
{
    /// <summary>A squad of rules, which costs nothing.</summary>
    public static TicketCosts None { get; } = new(Mock.Of<IBudgetLedger>(), Options.Create(new AgentsOptions()), TimeProvider.System);
}
