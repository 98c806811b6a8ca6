using AgentSquad.EmbeddedHost.Functions;
using Microsoft.Azure.Functions.Worker;

namespace Microsoft.Extensions.Hosting;

/// <summary>Makes a generic host a function app.</summary>
public static class WorkerHostBuilderExtensions
{
    /// <summary>Defaults only.</summary>
    public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder)
        => builder.ConfigureFunctionsWorkerDefaults((_, _) => { }, null);

    /// <summary>Defaults, then <paramref name="configure"/>.</summary>
    public static IHostBuilder ConfigureFunctionsWorkerDefaults(
        this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure)
        => builder.ConfigureFunctionsWorkerDefaults(configure, null);

    /// <summary>Defaults, then <paramref name="configure"/>.</summary>
    public static IHostBuilder ConfigureFunctionsWorkerDefaults(
        this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configure)
        => builder.ConfigureFunctionsWorkerDefaults((_, worker) => configure(worker), null);

    /// <summary>Defaults with options.</summary>
    public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<WorkerOptions> configureOptions)
        => builder.ConfigureFunctionsWorkerDefaults((_, _) => { }, configureOptions);

    /// <summary>Defaults with options, then <paramref name="configure"/>.</summary>
    public static IHostBuilder ConfigureFunctionsWorkerDefaults(
        this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configure, Action<WorkerOptions> configureOptions)
        => builder.ConfigureFunctionsWorkerDefaults((_, worker) => configure(worker), configureOptions);

    /// <summary>Defaults with options, then <paramref name="configure"/>.</summary>
    public static IHostBuilder ConfigureFunctionsWorkerDefaults(
        this IHostBuilder builder,
        Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure,
        Action<WorkerOptions>? configureOptions)
        => EmbeddedFunctionsHost.ConfigureHost(builder, configure, configureOptions);
}
