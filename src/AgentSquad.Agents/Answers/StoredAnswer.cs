using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Answers;

/// <summary>One answer of a model as it is stored: what was said, by which model, at what cost.</summary>
/// <param name="Model">The model.</param>
/// <param name="Cost">Money, in the budget's currency.</param>
/// <param name="Tokens">Tokens of question and answer.</param>
/// <param name="At">When it came.</param>
/// <param name="Response">The answer.</param>
internal sealed record StoredAnswer(string Model, decimal Cost, long Tokens, DateTimeOffset At, JsonElement Response)
{
    /// <summary>Stores an answer.</summary>
    public static StoredAnswer Of(string model, Budgets.Spending cost, DateTimeOffset at, ChatResponse response) =>
        new(model, cost.Money, cost.Tokens, at, JsonSerializer.SerializeToElement(response, AIJsonUtilities.DefaultOptions));

    /// <summary>The answer again.</summary>
    public ChatResponse Read() => Response.Deserialize<ChatResponse>(AIJsonUtilities.DefaultOptions) ?? throw new InvalidOperationException("A stored answer is empty.");
}

/// <summary>One result of a tool as it is stored.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">What it was called with.</param>
/// <param name="Outcome">How the call ended.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="At">When it ended.</param>
/// <param name="Text">The result as the model gets it.</param>
internal sealed record StoredToolResult(string Tool, JsonElement Arguments, string Outcome, long Milliseconds, DateTimeOffset At, string Text);
