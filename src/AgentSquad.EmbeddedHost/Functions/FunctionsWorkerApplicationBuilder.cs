using AgentSquad.EmbeddedHost.Functions.Middleware;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Functions;

/// <summary>The worker's builder when the app composes itself with a plain <c>HostBuilder</c>.</summary>
internal sealed class FunctionsWorkerApplicationBuilder(IServiceCollection services, InvocationPipelineBuilder pipeline)
    : IFunctionsWorkerApplicationBuilder
{
    public IServiceCollection Services => services;

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        pipeline.Use(middleware);
        return this;
    }
}
