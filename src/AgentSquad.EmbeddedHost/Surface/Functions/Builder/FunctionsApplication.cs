using AgentSquad.EmbeddedHost.Functions;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The way to a function app.</summary>
public class FunctionsApplication
{
    /// <summary>A builder with the host's defaults.</summary>
    /// <param name="args">The command line: <c>--port</c>, <c>--host</c>, and any configuration as <c>--Name value</c>.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(EmbeddedFunctionsHost.CreateBuilder(args));
}
