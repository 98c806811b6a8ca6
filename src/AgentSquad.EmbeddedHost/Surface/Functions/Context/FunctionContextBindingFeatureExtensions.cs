using AgentSquad.EmbeddedHost.Functions.Invocation;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Middleware's view of what goes in and out.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>The invocation's result, to look at or replace.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new FeatureInvocationResult(context);

    /// <summary>The invocation's result, typed; throws <see cref="InvalidOperationException"/> when it is of another type.</summary>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => new FeatureInvocationResult<T>(context);
}
