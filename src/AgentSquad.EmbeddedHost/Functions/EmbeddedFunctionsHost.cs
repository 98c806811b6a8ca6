using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Middleware;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentSquad.EmbeddedHost.Functions;

/// <summary>Puts the embedded host together; both ways of building an app come through here.</summary>
internal static class EmbeddedFunctionsHost
{
    /// <summary>A generic host builder with the configuration a function app expects.</summary>
    public static HostApplicationBuilder CreateBuilder(string[] args) => Host.CreateApplicationBuilder(args);

    /// <summary>Makes a plain host builder a function app.</summary>
    public static IHostBuilder ConfigureHost(
        IHostBuilder builder,
        Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure,
        Action<WorkerOptions>? configureOptions)
        => builder.ConfigureServices((context, services) =>
        {
            var worker = new FunctionsWorkerApplicationBuilder(services, AddTo(services));
            if (configureOptions is not null) services.Configure(configureOptions);
            configure(context, worker);
        });

    /// <summary>Adds the worker's services and returns the pipeline that middleware goes into.</summary>
    public static InvocationPipelineBuilder AddTo(IServiceCollection services)
    {
        var pipeline = new InvocationPipelineBuilder();
        services.AddSingleton(pipeline);
        services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().PostConfigure<IOptions<JsonSerializerOptions>>(
            (worker, json) => worker.Serializer ??= new JsonObjectSerializer(json.Value));
        return pipeline;
    }
}
