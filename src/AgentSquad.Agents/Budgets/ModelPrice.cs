namespace AgentSquad.Agents.Budgets;

/// <summary>The price of a model, per million tokens, in the budget's currency.</summary>
public sealed class ModelPrice
{
    private const decimal Million = 1_000_000m;

    /// <summary>Name of the model as it is configured.</summary>
    public string Model { get; set; } = "";

    /// <summary>Price of a million tokens of questions.</summary>
    public decimal Input { get; set; }

    /// <summary>Price of a million tokens of answers, reasoning included.</summary>
    public decimal Output { get; set; }

    /// <summary>The cost of so many tokens.</summary>
    public decimal Of(long input, long output) => ((input * Input) + (output * Output)) / Million;
}
