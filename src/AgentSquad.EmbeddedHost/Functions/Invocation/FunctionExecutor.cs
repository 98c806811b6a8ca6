using System.Collections.Concurrent;
using AgentSquad.EmbeddedHost.Functions.Middleware;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>Runs an invocation through middleware, binding and the function itself.</summary>
internal sealed class FunctionExecutor
{
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly ConcurrentDictionary<Type, ObjectFactory> _factories = new();

    public FunctionExecutor(InvocationPipelineBuilder pipeline) => _pipeline = pipeline.Build(RunFunctionAsync);

    /// <summary>
    /// Runs the invocation and returns its result. Nothing here leaves the caller's thread before the function does, which is what an
    /// orchestrator needs.
    /// </summary>
    public async ValueTask<object?> ExecuteAsync(InvocationContext context)
    {
        await _pipeline(context);
        return context.Features.Get<InvocationResultFeature>()?.Value;
    }

    private async Task RunFunctionAsync(FunctionContext context)
    {
        var invocation = context as InvocationContext
            ?? throw new InvalidOperationException("Middleware must hand on the FunctionContext that it was given.");
        var function = invocation.Function;
        var arguments = new object?[function.Binders.Count];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = await function.Binders[i].Bind(invocation);

        var result = await function.Call.InvokeAsync(InstanceFor(invocation), arguments);
        InvocationResultFeatureExtensions.Of(invocation).Value = result;
    }

    private object? InstanceFor(InvocationContext invocation)
    {
        if (invocation.Function.Method.IsStatic) return null;
        var factory = _factories.GetOrAdd(invocation.Function.Method.DeclaringType!, type => ActivatorUtilities.CreateFactory(type, []));
        return factory(invocation.InstanceServices, []);
    }
}
