using AgentSquad.EmbeddedHost.Functions.Discovery;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Processes;

/// <summary>A small function app for a process of its own: <c>dotnet AgentSquad.EmbeddedHost.Tests.dll host --port 0</c>.</summary>
internal static class ChildHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.Services.AddSingleton(new FunctionSource([typeof(ChildFunctions)]));
        await builder.Build().RunAsync();
        return 0;
    }
}
