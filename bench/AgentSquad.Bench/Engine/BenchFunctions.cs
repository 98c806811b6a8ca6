using System.Globalization;
using AgentSquad.EmbeddedHost.Orchestration;
using Microsoft.DurableTask;

namespace AgentSquad.Bench.Engine;

/// <summary>The workload: a sequence of no-op activities, and an orchestration that waits.</summary>
internal sealed class BenchFunctions : IDurableFunctionInvoker
{
    public const string Sequence = "Sequence";
    public const string Waiter = "Waiter";
    public const string Event = "Go";
    private const string Activity = "Nothing";

    public bool HasOrchestrator(string name) => name is Sequence or Waiter;

    public bool HasActivity(string name) => name == Activity;

    public async Task<string?> InvokeOrchestratorAsync(TaskOrchestrationContext context, CancellationToken cancellationToken)
    {
        if (context.Name == Waiter) return await context.WaitForExternalEvent<string>(Event, cancellationToken);
        var activities = context.GetInput<int>();
        for (var i = 0; i < activities; i++) await context.CallActivityAsync(Activity);
        return activities.ToString(CultureInfo.InvariantCulture);
    }

    public Task<string?> InvokeActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);
}
