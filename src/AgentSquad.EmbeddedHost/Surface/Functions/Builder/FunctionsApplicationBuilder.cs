using AgentSquad.EmbeddedHost.Functions;
using AgentSquad.EmbeddedHost.Functions.Middleware;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Composes a function app and its host.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly HostApplicationBuilder _builder;
    private readonly InvocationPipelineBuilder _pipeline;

    internal FunctionsApplicationBuilder(HostApplicationBuilder builder)
    {
        _builder = builder;
        _pipeline = EmbeddedFunctionsHost.AddTo(builder.Services);
    }

    /// <summary>Shared state for those who extend the builder.</summary>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_builder).Properties;

    /// <summary>Configuration: host defaults, local.settings.json, environment, command line; later wins.</summary>
    public ConfigurationManager Configuration => _builder.Configuration;

    /// <summary>The environment.</summary>
    public IHostEnvironment Environment => _builder.Environment;

    /// <summary>Logging.</summary>
    public ILoggingBuilder Logging => _builder.Logging;

    /// <summary>Metrics.</summary>
    public IMetricsBuilder Metrics => _builder.Metrics;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services => _builder.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => _builder.Configuration;

    /// <summary>Makes the host; its start runs the functions.</summary>
    public IHost Build() => _builder.Build();

    /// <summary>Chooses another container.</summary>
    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
        => _builder.ConfigureContainer(factory, configure);

    /// <summary>Adds middleware.</summary>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        _pipeline.Use(middleware);
        return this;
    }
}
