using AgentSquad.Agents;
using AgentSquad.Agents.Budgets;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Budgets;

/// <summary>What a ticket has cost, for people and tools. Rules without a model cost nothing, and nothing is said of it.</summary>
internal sealed class TicketCosts(IBudgetLedger ledger, IOptions<AgentsOptions> options)
{
    /// <summary>One line for the status comment; null when there is nothing to say.</summary>
    public async Task<string?> DescribeAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (options.Value.Provider == AgentsProvider.Offline) return null;
        var account = await ledger.ReadAsync(instanceId, cancellationToken);
        return account.Spent == default ? null : BudgetRules.Describe(options.Value.Budget, account);
    }

    /// <summary>The figures; null when there are none.</summary>
    public async Task<TicketCost?> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (options.Value.Provider == AgentsProvider.Offline) return null;
        var account = await ledger.ReadAsync(instanceId, cancellationToken);
        var budget = options.Value.Budget;
        return new TicketCost(account.Spent.Money, BudgetRules.TicketLimit(budget, account), budget.Currency, account.Spent.Tokens, budget.Tokens.PerTicket);
    }

    /// <summary>Adds to a ticket's limit of money.</summary>
    /// <returns>What to answer to whoever asked for it.</returns>
    public async Task<string> ExtendAsync(string instanceId, string key, decimal amount, CancellationToken cancellationToken)
    {
        var budget = options.Value.Budget;
        if (options.Value.Provider == AgentsProvider.Offline) return "The squad works by rules here, which cost nothing. Nothing was changed.";
        if (budget.PerTicket is null) return "There is no limit of money for a ticket here (`Agents__Budget__PerTicket`). Nothing was changed.";
        var account = await ledger.ExtendAsync(instanceId, key, amount, cancellationToken);
        return $"The budget of this ticket is {BudgetRules.Money(BudgetRules.TicketLimit(budget, account) ?? 0, budget)} now; "
            + $"{BudgetRules.Money(account.Spent.Money, budget)} of it are spent. Limits of the project and the day stay as they are.";
    }
}

/// <summary>What a ticket has cost, over all of its runs.</summary>
/// <param name="Spent">Money.</param>
/// <param name="Limit">Most money, extensions included; null for no limit.</param>
/// <param name="Currency">Name of the currency.</param>
/// <param name="Tokens">Tokens of questions and answers.</param>
/// <param name="TokenLimit">Most tokens; null for no limit.</param>
internal sealed record TicketCost(decimal Spent, decimal? Limit, string Currency, long Tokens, long? TokenLimit);
