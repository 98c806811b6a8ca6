using System.Globalization;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Budgets;

/// <summary>The arithmetic of the ledger, without storage.</summary>
public static class BudgetRules
{
    /// <summary>Id of a ticket's account.</summary>
    /// <param name="instanceId">Instance id of its runs.</param>
    public static string TicketAccount(string instanceId) => $"ticket|{instanceId}";

    /// <summary>Ids of the accounts that a call is part of.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<string> AccountsOf(BudgetCall call, DateTimeOffset now) =>
    [
        $"task|{call.InstanceId}|{call.Task}", TicketAccount(call.InstanceId), $"project|{call.Project}",
        string.Create(CultureInfo.InvariantCulture, $"day|{now.UtcDateTime:yyyy-MM-dd}"),
    ];

    /// <summary>The account with a reservation in it.</summary>
    /// <exception cref="AgentException">A limit would be exceeded.</exception>
    public static BudgetAccount Reserve(BudgetOptions options, string id, BudgetAccount account, Spending most)
    {
        var (name, money, tokens) = LimitOf(options, id, account);
        var committed = account.Spent + account.Reserved;
        if (committed.Money + most.Money > money) throw Exhausted(name, Money(committed.Money, options), Money(money.Value, options), Money(most.Money, options));
        if (committed.Tokens + most.Tokens > tokens) throw Exhausted(name, Tokens(committed.Tokens), Tokens(tokens.Value), Tokens(most.Tokens));
        return account with { Reserved = account.Reserved + most };
    }

    /// <summary>The account with a reservation settled.</summary>
    public static BudgetAccount Settle(BudgetAccount account, Spending most, Spending actual) =>
        account with { Reserved = account.Reserved - most, Spent = account.Spent + actual };

    /// <summary>The account with an extension; the same key extends once.</summary>
    public static BudgetAccount Extend(BudgetAccount account, string key, decimal amount) => account.Extensions.Contains(key)
        ? account
        : account with { Extended = account.Extended + amount, Extensions = [.. account.Extensions, key] };

    /// <summary>Refuses a call that is too dear by itself.</summary>
    /// <exception cref="AgentException">It is.</exception>
    public static void CheckCall(BudgetOptions options, Spending most)
    {
        if (most.Money > options.PerCall) throw Exhausted("one call", Money(0, options), Money(options.PerCall.Value, options), Money(most.Money, options));
        if (most.Tokens > options.Tokens.PerCall) throw Exhausted("one call", Tokens(0), Tokens(options.Tokens.PerCall.Value), Tokens(most.Tokens));
    }

    /// <summary>What a ticket has cost, one line for people.</summary>
    public static string Describe(BudgetOptions options, BudgetAccount ticket)
    {
        var (_, money, tokens) = LimitOf(options, TicketAccount(""), ticket);
        var cost = money is { } limit ? $"{Money(ticket.Spent.Money, options)} of {Money(limit, options)}" : Money(ticket.Spent.Money, options);
        var warns = ticket.Spent.Money >= money * options.SoftShare || ticket.Spent.Tokens >= tokens * options.SoftShare;
        return $"Cost so far: {cost}, {Tokens(ticket.Spent.Tokens)}.{(warns ? " **The budget of this ticket is nearly used up.**" : "")}";
    }

    /// <summary>The limit of money of a ticket; null for none.</summary>
    public static decimal? TicketLimit(BudgetOptions options, BudgetAccount ticket) => options.PerTicket + ticket.Extended;

    /// <summary>An amount of money for people.</summary>
    public static string Money(decimal money, BudgetOptions options) => string.Create(CultureInfo.InvariantCulture, $"{money:0.00##} {options.Currency}");

    private static string Tokens(long tokens) => string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} tokens");

    private static (string Name, decimal? Money, long? Tokens) LimitOf(BudgetOptions options, string id, BudgetAccount account) => id[..id.IndexOf('|', StringComparison.Ordinal)] switch
    {
        "task" => ("this task", options.PerTask, options.Tokens.PerTask),
        "ticket" => ("this ticket", TicketLimit(options, account), options.Tokens.PerTicket),
        "project" => ("this project", options.PerProject, options.Tokens.PerProject),
        _ => ("today", options.PerDay, options.Tokens.PerDay),
    };

    private static AgentException Exhausted(string name, string committed, string limit, string most) =>
        new($"The budget of {name} does not allow the next step: {committed} of {limit} are spent or promised, and the step may take up to {most}.") { NeedsBudget = true };
}
