using Microsoft.Azure.Functions.Worker.Middleware;

namespace AgentSquad.EmbeddedHost.Functions.Middleware;

/// <summary>Collects middleware; the first added is the outermost.</summary>
internal sealed class InvocationPipelineBuilder
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> _middleware = [];

    /// <summary>Adds middleware inside of what was added before.</summary>
    public void Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
    }

    /// <summary>The whole way to the function, which <paramref name="function"/> runs.</summary>
    public FunctionExecutionDelegate Build(FunctionExecutionDelegate function)
        => Enumerable.Reverse(_middleware).Aggregate(function, (next, middleware) => middleware(next));
}
