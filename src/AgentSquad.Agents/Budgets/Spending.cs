namespace AgentSquad.Agents.Budgets;

/// <summary>Money in the budget's currency, and tokens of questions and answers together.</summary>
/// <param name="Money">Money; zero for a model without a price.</param>
/// <param name="Tokens">Tokens.</param>
public readonly record struct Spending(decimal Money, long Tokens)
{
    /// <summary>Both together.</summary>
    public static Spending operator +(Spending left, Spending right) => new(left.Money + right.Money, left.Tokens + right.Tokens);

    /// <summary>What is left without the other.</summary>
    public static Spending operator -(Spending left, Spending right) => new(left.Money - right.Money, left.Tokens - right.Tokens);

    /// <summary>Both together.</summary>
    public static Spending Add(Spending left, Spending right) => left + right;

    /// <summary>What is left without the other.</summary>
    public static Spending Subtract(Spending left, Spending right) => left - right;
}
