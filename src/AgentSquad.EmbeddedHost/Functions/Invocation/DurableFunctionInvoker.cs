using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Orchestration;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>
/// The engine's way to orchestrator and activity functions. Threads, time-outs and the log of failures are the engine's.
/// </summary>
internal sealed class DurableFunctionInvoker(FunctionCatalog catalog, FunctionExecutor executor, IServiceScopeFactory scopes, DataConverter converter)
    : IDurableFunctionInvoker
{
    public bool HasOrchestrator(string name) => catalog.TryGetOrchestrator(name, out _);

    public bool HasActivity(string name) => name == DurableHttp.ActivityName || catalog.TryGetActivity(name, out _);

    public Task<string?> InvokeOrchestratorAsync(TaskOrchestrationContext context, CancellationToken cancellationToken)
    {
        if (!catalog.TryGetOrchestrator(context.Name.Name, out var function))
            throw new InvalidOperationException($"There is no orchestrator function named '{context.Name.Name}'.");
        return RunAsync(function, new TriggerValue(context, DataOf(context.InstanceId)), cancellationToken);
    }

    public Task<string?> InvokeActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken cancellationToken)
    {
        if (name == DurableHttp.ActivityName) return DurableHttp.SendAsync(serializedInput, converter, cancellationToken);
        if (!catalog.TryGetActivity(name, out var function)) throw new InvalidOperationException($"There is no activity function named '{name}'.");
        var call = new ActivityCall(new CalledActivity(name, instanceId), serializedInput, converter);
        return RunAsync(function, new TriggerValue(call, DataOf(instanceId)), cancellationToken);
    }

    private static Dictionary<string, object?> DataOf(string instanceId) => new(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId };

    private async Task<string?> RunAsync(FunctionDescriptor function, TriggerValue trigger, CancellationToken cancellationToken)
    {
        await using var invocation = new InvocationContext(function, trigger, scopes, cancellationToken);
        return converter.Serialize(await executor.ExecuteAsync(invocation));
    }

    private sealed class CalledActivity(string name, string instanceId) : TaskActivityContext
    {
        public override TaskName Name { get; } = new(name);

        public override string InstanceId => instanceId;
    }
}
