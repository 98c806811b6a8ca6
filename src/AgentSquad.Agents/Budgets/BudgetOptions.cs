namespace AgentSquad.Agents.Budgets;

/// <summary>What may be spent. A limit that is not set does not hold; the limit of tokens per ticket always does.</summary>
public sealed class BudgetOptions
{
    /// <summary>Name of the currency that prices and limits are in, for people. Default is <c>USD</c>.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>Most money for one call of a model.</summary>
    public decimal? PerCall { get; set; }

    /// <summary>Most money for one task of a ticket.</summary>
    public decimal? PerTask { get; set; }

    /// <summary>Most money for one ticket, over all of its runs; <c>/squad extend</c> adds to it.</summary>
    public decimal? PerTicket { get; set; }

    /// <summary>Most money for one project of the site.</summary>
    public decimal? PerProject { get; set; }

    /// <summary>Most money for one day (UTC), over all tickets.</summary>
    public decimal? PerDay { get; set; }

    /// <summary>Most tokens, by the same measures.</summary>
    public TokenLimits Tokens { get; set; } = new();

    /// <summary>Share of a limit at which the status comment warns. Default is 0.8; 0 to 1.</summary>
    public decimal SoftShare { get; set; } = 0.8m;

    /// <summary>Whether any model has a price.</summary>
    public bool HasPrices => TokensPerMoney > 0;

    /// <summary>How many tokens a unit of money buys at most, by the cheapest price; 0 where nothing has a price.</summary>
    internal decimal TokensPerMoney { get; set; }

    /// <summary>Whether any limit of money is set, so that every model needs a price.</summary>
    internal bool HasMoney => PerCall is not null || PerTask is not null || PerTicket is not null || PerProject is not null || PerDay is not null;
}

/// <summary>Limits of tokens, questions and answers together.</summary>
public sealed class TokenLimits
{
    /// <summary>Most tokens of one call.</summary>
    public long? PerCall { get; set; }

    /// <summary>Most tokens of one task.</summary>
    public long? PerTask { get; set; }

    /// <summary>Most tokens of one ticket. Default is 2,000,000, so that a ticket has an end even where nobody set a price.</summary>
    public long? PerTicket { get; set; } = 2_000_000;

    /// <summary>Most tokens of one project.</summary>
    public long? PerProject { get; set; }

    /// <summary>Most tokens of one day (UTC).</summary>
    public long? PerDay { get; set; }
}
