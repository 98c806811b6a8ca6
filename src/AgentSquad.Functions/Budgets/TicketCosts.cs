using AgentSquad.Agents;
using AgentSquad.Agents.Budgets;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Budgets;

/// <summary>What a ticket has cost, for people and tools. Rules without a model cost nothing, and nothing is said of it.</summary>
internal sealed class TicketCosts(IBudgetLedger ledger, IOptions<AgentsOptions> options, TimeProvider time)
{
    /// <summary>One line for the status comment; null when there is nothing to say.</summary>
    /// <param name="instanceId">Instance id of the ticket's runs.</param>
    /// <param name="project">Site and key of its project.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<string?> DescribeAsync(string instanceId, string project, CancellationToken cancellationToken)
    {
        if (options.Value.Provider == AgentsProvider.Offline) return null;
        var ticket = await ledger.ReadAsync(instanceId, cancellationToken);
        if (ticket.Spent == default) return null;
        return BudgetRules.Describe(
            options.Value.Budget, ticket, await ledger.ReadAccountAsync(BudgetRules.ProjectAccount(project), cancellationToken),
            await ledger.ReadAccountAsync(BudgetRules.DayAccount(time.GetUtcNow()), cancellationToken));
    }

    /// <summary>A project as the ledger names it.</summary>
    /// <param name="site">Base address of the site.</param>
    /// <param name="ticketKey">Key of a ticket of the project.</param>
    public static string ProjectOf(string site, string ticketKey) => $"{site.TrimEnd('/')}/{ticketKey[..Math.Max(0, ticketKey.LastIndexOf('-'))]}";

    /// <summary>The figures; null when there are none.</summary>
    public async Task<TicketCost?> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (options.Value.Provider == AgentsProvider.Offline) return null;
        var account = await ledger.ReadAsync(instanceId, cancellationToken);
        var budget = options.Value.Budget;
        return new TicketCost(account.Spent.Money, BudgetRules.TicketLimit(budget, account), budget.Currency, account.Spent.Tokens, BudgetRules.TicketTokens(budget, account));
    }

    /// <summary>Adds to the limits of a ticket and its tasks.</summary>
    /// <param name="instanceId">Instance id of the ticket's runs.</param>
    /// <param name="key">Names who asked for it.</param>
    /// <param name="amount">What to add.</param>
    /// <param name="project">Site and key of the project, to add to its limit and to that of the day too; null leaves both as they are.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What to answer to whoever asked for it.</returns>
    public async Task<string> ExtendAsync(string instanceId, string key, decimal amount, string? project, CancellationToken cancellationToken)
    {
        var budget = options.Value.Budget;
        if (options.Value.Provider == AgentsProvider.Offline) return "The squad works by rules here, which cost nothing. Nothing was changed.";
        if (budget is { PerTicket: null, PerTask: null, HasPrices: false } && project is null)
        {
            return "There is no limit of money for this ticket, and no price that says how many tokens an amount buys (`Agents__Prices`). Nothing was changed.";
        }

        string[] shared = project is null ? [] : [BudgetRules.ProjectAccount(project), BudgetRules.DayAccount(time.GetUtcNow())];
        await ledger.ExtendAsync([BudgetRules.TicketAccount(instanceId), .. shared], key, amount, cancellationToken);
        var account = await ledger.ReadAsync(instanceId, cancellationToken);
        var said = BudgetRules.TicketLimit(budget, account) is { } limit
            ? $"The budget of this ticket is {BudgetRules.Money(limit, budget)} now; {BudgetRules.Money(account.Spent.Money, budget)} of it are spent."
            : $"This ticket may cost {BudgetRules.Money(account.Extended, budget)} more than the limits of its tasks and tokens allow; it has no limit of money of its own.";
        return $"{said} Limits of the project and the day {(project is null ? "stay as they are" : "are raised as well, the day's for today")}.";
    }
}

/// <summary>What a ticket has cost, over all of its runs.</summary>
/// <param name="Spent">Money.</param>
/// <param name="Limit">Most money, extensions included; null for no limit.</param>
/// <param name="Currency">Name of the currency.</param>
/// <param name="Tokens">Tokens of questions and answers.</param>
/// <param name="TokenLimit">Most tokens; null for no limit.</param>
internal sealed record TicketCost(decimal Spent, decimal? Limit, string Currency, long Tokens, long? TokenLimit);
