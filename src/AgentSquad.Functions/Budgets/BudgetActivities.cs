using System.Text.Json.Serialization;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.Functions.Budgets;

/// <summary>What people do about a run's budget.</summary>
internal sealed class BudgetActivities(TicketCosts costs)
{
    /// <summary>Adds to the ticket's budget, once for each command.</summary>
    /// <returns>What to answer.</returns>
    [Function(nameof(ExtendBudget))]
    public Task<string> ExtendBudget([ActivityTrigger] ExtendInput input, FunctionContext context) =>
        Steps.RunAsync(() => costs.ExtendAsync(input.Run.InstanceId, input.DeliveryId, input.Amount, input.Project, context.CancellationToken));
}

/// <summary>Input of <see cref="BudgetActivities.ExtendBudget"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="DeliveryId">The event that carried the command.</param>
/// <param name="Amount">What to add.</param>
internal sealed record ExtendInput(RunRef Run, string DeliveryId, decimal Amount)
{
    /// <summary>The project whose limit is raised too, as an operator may; null for people on the ticket.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Project { get; init; }
}

/// <summary>Input of <see cref="CommentActivities.PublishBudgetRequest"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="TicketStep">Artifact of the ticket.</param>
/// <param name="Number">How often the run asked for it.</param>
/// <param name="Problem">Which limit was met.</param>
internal sealed record BudgetRequestInput(RunRef Run, string TicketStep, int Number, string Problem);
