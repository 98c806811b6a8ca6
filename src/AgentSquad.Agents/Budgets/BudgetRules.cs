using System.Globalization;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Budgets;

/// <summary>The arithmetic of the ledger, without storage.</summary>
public static class BudgetRules
{
    private const string OperatorsAdvice = " Only an operator can raise it";
    private const decimal MostTokens = 1_000_000_000_000m;

    /// <summary>Id of a ticket's account.</summary>
    /// <param name="instanceId">Instance id of its runs.</param>
    public static string TicketAccount(string instanceId) => $"ticket|{instanceId}";

    /// <summary>Id of a project's account.</summary>
    /// <param name="project">Site and key of the project.</param>
    public static string ProjectAccount(string project) => $"project|{project}";

    /// <summary>Id of a day's account.</summary>
    /// <param name="now">The time.</param>
    public static string DayAccount(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"day|{now.UtcDateTime:yyyy-MM-dd}");

    /// <summary>Ids of the accounts that a call is part of.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<string> AccountsOf(BudgetCall call, DateTimeOffset now) =>
    [
        $"task|{call.InstanceId}|{call.Task}", TicketAccount(call.InstanceId), ProjectAccount(call.Project), DayAccount(now),
    ];

    /// <summary>The account with a reservation in it.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="id">Id of the account.</param>
    /// <param name="account">The account.</param>
    /// <param name="most">What to reserve.</param>
    /// <param name="ofTicket">What people added to the limit of the ticket, which counts for its tasks too.</param>
    /// <exception cref="AgentException">A limit would be exceeded.</exception>
    public static BudgetAccount Reserve(BudgetOptions options, string id, BudgetAccount account, Spending most, decimal ofTicket = 0)
    {
        var limit = LimitOf(options, id, account, ofTicket);
        var committed = account.Spent + account.Reserved;
        if (committed.Money + most.Money > limit.Money)
        {
            throw Exhausted(limit.Name, Money(committed.Money, options), Money(limit.Money.Value, options), Money(most.Money, options), limit.IsShared ? limit.Setting : null);
        }

        if (committed.Tokens + most.Tokens > limit.Tokens)
        {
            var isOperators = limit.IsShared || !options.HasPrices;
            throw Exhausted(limit.Name, Tokens(committed.Tokens), Tokens(limit.Tokens.Value), Tokens(most.Tokens), isOperators ? $"Tokens__{limit.Setting}" : null);
        }

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
        const string Name = "one call";
        if (most.Money > options.PerCall) throw Exhausted(Name, Money(0, options), Money(options.PerCall.Value, options), Money(most.Money, options), "PerCall");
        if (most.Tokens > options.Tokens.PerCall) throw Exhausted(Name, Tokens(0), Tokens(options.Tokens.PerCall.Value), Tokens(most.Tokens), "Tokens__PerCall");
    }

    /// <summary>Whether people on the ticket can extend the limit that a refusal is about; otherwise an operator has to.</summary>
    /// <param name="problem">The message of the refusal.</param>
    public static bool CanExtend(string problem) => !problem.Contains(OperatorsAdvice, StringComparison.Ordinal);

    /// <summary>What a ticket has cost, one line for people, with a warning for each limit that is nearly reached.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="ticket">The ticket's account.</param>
    /// <param name="project">Its project's account.</param>
    /// <param name="day">The day's account.</param>
    public static string Describe(BudgetOptions options, BudgetAccount ticket, BudgetAccount project, BudgetAccount day)
    {
        var limit = TicketLimit(options, ticket);
        var cost = limit is { } money ? $"{Money(ticket.Spent.Money, options)} of {Money(money, options)}" : Money(ticket.Spent.Money, options);
        string[] warnings =
        [
            .. IsNear(options, TicketAccount(""), ticket) ? (string[])["The budget of this ticket is nearly used up."] : [],
            .. IsNear(options, ProjectAccount(""), project) ? (string[])["The budget of this project is nearly used up."] : [],
            .. IsNear(options, "day|", day) ? (string[])["Today's budget is nearly used up."] : [],
        ];
        return $"Cost so far: {cost}, {Tokens(ticket.Spent.Tokens)}.{string.Concat(warnings.Select(warning => $" **{warning}**"))}";
    }

    /// <summary>The limit of money of a ticket; null for none.</summary>
    public static decimal? TicketLimit(BudgetOptions options, BudgetAccount ticket) => options.PerTicket + ticket.Extended;

    /// <summary>The limit of tokens of a ticket; null for none.</summary>
    public static long? TicketTokens(BudgetOptions options, BudgetAccount ticket) => options.Tokens.PerTicket + Bought(options, ticket.Extended);

    /// <summary>An amount of money for people.</summary>
    public static string Money(decimal money, BudgetOptions options) => string.Create(CultureInfo.InvariantCulture, $"{money:0.00##} {options.Currency}");

    private static string Tokens(long tokens) => string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} tokens");

    private static bool IsNear(BudgetOptions options, string id, BudgetAccount account)
    {
        var limit = LimitOf(options, id, account, ofTicket: 0);
        return account.Spent.Money >= limit.Money * options.SoftShare || account.Spent.Tokens >= limit.Tokens * options.SoftShare;
    }

    private static Limit LimitOf(BudgetOptions options, string id, BudgetAccount account, decimal ofTicket) => id[..id.IndexOf('|', StringComparison.Ordinal)] switch
    {
        "task" => new("this task", "PerTask", options.PerTask + ofTicket, options.Tokens.PerTask + Bought(options, ofTicket), IsShared: false),
        "ticket" => new("this ticket", "PerTicket", TicketLimit(options, account), TicketTokens(options, account), IsShared: false),
        "project" => new("this project", "PerProject", options.PerProject + account.Extended, options.Tokens.PerProject + Bought(options, account.Extended), IsShared: true),
        _ => new("today", "PerDay", options.PerDay + account.Extended, options.Tokens.PerDay + Bought(options, account.Extended), IsShared: true),
    };

    // Who may spend more money may use the tokens that it buys.
    private static long Bought(BudgetOptions options, decimal money) => (long)Math.Min(MostTokens, money * options.TokensPerMoney);

    private static AgentException Exhausted(string name, string committed, string limit, string most, string? operatorsSetting) =>
        new($"The budget of {name} does not allow the next step: {committed} of {limit} are spent or promised, and the step may take up to {most}."
            + (operatorsSetting is null ? "" : $"{OperatorsAdvice} (Agents__Budget__{operatorsSetting})."))
        {
            NeedsBudget = true,
        };

    private sealed record Limit(string Name, string Setting, decimal? Money, long? Tokens, bool IsShared);
}
