using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using AgentSquad.EmbeddedHost.Functions.Middleware;
using AgentSquad.EmbeddedHost.Functions.Queues;
using AgentSquad.EmbeddedHost.Http;
using AgentSquad.EmbeddedHost.Http.Durable;
using AgentSquad.EmbeddedHost.Orchestration;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.EmbeddedHost.Functions;

/// <summary>Puts the embedded host together; both ways of building an app come through here.</summary>
internal static class EmbeddedFunctionsHost
{
    private const string EnvironmentSetting = "AZURE_FUNCTIONS_ENVIRONMENT";

    /// <summary>A generic host builder with the configuration and logging of a function app.</summary>
    public static HostApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable(EnvironmentSetting) ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT"),
        });
        HostConfiguration.AddSources(builder.Configuration, args);
        AddLogging(builder.Logging, builder.Configuration);
        return builder;
    }

    /// <summary>Makes a plain host builder a function app.</summary>
    public static IHostBuilder ConfigureHost(
        IHostBuilder builder,
        Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure,
        Action<WorkerOptions>? configureOptions)
    {
        builder.ConfigureHostConfiguration(configuration => configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_"));
        builder.ConfigureAppConfiguration(configuration => HostConfiguration.AddSources(configuration, Environment.GetCommandLineArgs().Skip(1)));
        builder.ConfigureLogging((context, logging) => AddLogging(logging, context.Configuration));
        return builder.ConfigureServices((context, services) =>
        {
            var worker = new FunctionsWorkerApplicationBuilder(services, AddTo(services));
            if (configureOptions is not null) services.Configure(configureOptions);
            configure(context, worker);
        });
    }

    /// <summary>Adds the host's services and returns the pipeline that middleware goes into.</summary>
    public static InvocationPipelineBuilder AddTo(IServiceCollection services)
    {
        var pipeline = new InvocationPipelineBuilder();
        services.AddSingleton(pipeline);
        services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().PostConfigure<IOptions<JsonSerializerOptions>>(
            (worker, json) => worker.Serializer ??= new JsonObjectSerializer(json.Value));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => ReadOptions(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => HostSettings.Load(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<StorageConnections>();
        services.AddSingleton(_ => FunctionSource.FromEntryAssembly());
        services.AddSingleton<FunctionDiscovery>();
        services.AddSingleton(provider => provider.GetRequiredService<FunctionDiscovery>().Discover());

        services.AddSingleton<FunctionExecutor>();
        services.AddSingleton<FunctionRunner>();
        services.AddSingleton(provider => new FunctionThreads(provider.GetRequiredService<EmbeddedHostOptions>().MaxFunctionThreads));
        services.AddSingleton<DataConverter>(provider =>
            new SerializerDataConverter(provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!));
        services.AddSingleton<IDurableFunctionInvoker, DurableFunctionInvoker>();

        services.AddSingleton<TaskHubHost>();
        services.AddSingleton<IDurableClientSource>(provider => provider.GetRequiredService<TaskHubHost>());
        services.AddSingleton<QueueActivity>();
        services.AddSingleton<IActivitySignal>(provider => provider.GetRequiredService<QueueActivity>());
        services.AddSingleton<TriggerListeners>();
        services.AddSingleton<PoolGuard>();
        services.AddSingleton<IdleMemory>();
        services.AddSingleton<HttpServer>();
        services.AddSingleton<IHostEndpoints, AdminEndpoints>();
        services.AddSingleton<IHostEndpoints, DurableEndpoints>();
        services.AddSingleton<EmbeddedHostService>();
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedHostService>());
        return pipeline;
    }

    private static EmbeddedHostOptions ReadOptions(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(EmbeddedHostOptions.Section).Get<EmbeddedHostOptions>() ?? new EmbeddedHostOptions();
        }
        catch (InvalidOperationException problem)
        {
            throw new HostStartException($"A setting of the host is wrong: {problem.Message}", problem);
        }
    }

    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        // The server's own lines say nothing that the host does not say.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        logging.AddFilter("Azure", LogLevel.Warning);
        // Last, so that host.json has the last word.
        logging.AddConfiguration(HostJson.Load(configuration).GetSection("logging"));
    }
}
