using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration;

/// <summary>
/// The engine's way to user code: runs orchestrator and activity functions through binding, middleware and dependency injection. The engine
/// knows no function; this seam also lets tests drive it with plain delegates.
/// </summary>
internal interface IDurableFunctionInvoker
{
    /// <summary>Whether an orchestrator function of this name exists; names compare without case.</summary>
    bool HasOrchestrator(string name);

    /// <summary>Whether an activity function of this name exists; names compare without case.</summary>
    bool HasActivity(string name);

    /// <summary>
    /// Runs an orchestrator function from its first line and returns its serialized output. The returned task completes when the function
    /// does. Everything up to the first incomplete durable await happens in the call; the engine owns the synchronization context.
    /// </summary>
    Task<string?> InvokeOrchestratorAsync(TaskOrchestrationContext context, CancellationToken cancellationToken);

    /// <summary>Runs an activity function once and returns its serialized output; throws what the function throws.</summary>
    Task<string?> InvokeActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken cancellationToken);
}
