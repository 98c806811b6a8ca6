using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Orchestration;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>The engine's way to orchestrator and activity functions.</summary>
internal sealed class DurableFunctionInvoker(
    FunctionCatalog catalog, FunctionExecutor executor, FunctionRunner runner, IServiceScopeFactory scopes, DataConverter converter, ILoggerFactory loggers)
    : IDurableFunctionInvoker
{
    public bool HasOrchestrator(string name) => catalog.TryGetOrchestrator(name, out _);

    public bool HasActivity(string name) => catalog.TryGetActivity(name, out _);

    public async Task<string?> InvokeOrchestratorAsync(TaskOrchestrationContext context, CancellationToken cancellationToken)
    {
        if (!catalog.TryGetOrchestrator(context.Name.Name, out var function))
            throw new InvalidOperationException($"There is no orchestrator function named '{context.Name.Name}'.");

        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = context.InstanceId };
        var invocation = new InvocationContext(function, new TriggerValue(context, data), scopes, cancellationToken);
        try
        {
            return converter.Serialize(await executor.ExecuteAsync(invocation));
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            loggers.CreateLogger(function.LogCategory).LogFailure(function.Name, invocation.InvocationId, context.InstanceId, problem, isCancelled: false);
            throw;
        }
        finally
        {
            await invocation.DisposeAsync();
        }
    }

    public async Task<string?> InvokeActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken cancellationToken)
    {
        if (!catalog.TryGetActivity(name, out var function)) throw new InvalidOperationException($"There is no activity function named '{name}'.");
        var call = new ActivityCall(new CalledActivity(name, instanceId), serializedInput, converter);
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId };
        return converter.Serialize(await runner.RunAsync(function, new TriggerValue(call, data), null, instanceId, cancellationToken));
    }

    private sealed class CalledActivity(string name, string instanceId) : TaskActivityContext
    {
        public override TaskName Name { get; } = new(name);

        public override string InstanceId => instanceId;
    }
}
