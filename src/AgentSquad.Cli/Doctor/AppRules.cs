using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Cli.Doctor;

/// <summary>
/// What the function app would say about the settings when it starts. The rules are the app's own: its assembly is loaded beside this
/// command, and only its options are registered, so nothing of it runs.
/// </summary>
internal static class AppRules
{
    private const string SquadSetup = "AgentSquad.Functions.Configuration.SquadOptionsSetup";
    private const string AgentsAssembly = "AgentSquad.Agents";
    private const string McpDiagnostics = "AgentSquad.Agents.Tools.McpDiagnostics";
    private const string AgentsSetup = "AgentSquad.Agents.AgentsServiceCollectionExtensions";

    // Loaded once for each path: what is loaded stays loaded.
    private static readonly ConcurrentDictionary<string, BesideContext> Loaded = new(StringComparer.Ordinal);

    /// <summary>The app's complaints, one line each, with the setting's name and the fix.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="appAssembly">Path of the function app's assembly.</param>
    public static IReadOnlyList<string> Complaints(IConfiguration configuration, string appAssembly)
    {
        var app = Loaded.GetOrAdd(appAssembly, path => new BesideContext(path));
        var services = new ServiceCollection();
        services.AddLogging().AddJira(configuration).AddConfluence(configuration);
        Register(app.LoadFromAssemblyPath(appAssembly), SquadSetup, "AddSquadOptions", services, configuration);
        Register(app.LoadFromAssemblyName(new AssemblyName(AgentsAssembly)), AgentsSetup, "AddSquadAgents", services, configuration);
        services.AddSingleton(configuration);
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (AggregateException exception)
        {
            return [.. exception.Flatten().InnerExceptions.SelectMany(Of).Distinct()];
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException or FormatException)
        {
            return [.. Of(exception).Distinct()];
        }
    }

    /// <summary>What the app's own code finds behind the configured MCP servers, as JSON.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="appAssembly">Path of the function app's assembly.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Task<string> McpServersAsync(IConfiguration configuration, string appAssembly, CancellationToken cancellation)
    {
        var app = Loaded.GetOrAdd(appAssembly, path => new BesideContext(path));
        var check = app.LoadFromAssemblyName(new AssemblyName(AgentsAssembly)).GetType(McpDiagnostics, throwOnError: true)!.GetMethod("CheckAsync", BindingFlags.Public | BindingFlags.Static)
            ?? throw new MissingMethodException(McpDiagnostics, "CheckAsync");
        return (Task<string>)check.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [configuration, cancellation], null)!;
    }

    private static IEnumerable<string> Of(Exception exception) => exception is OptionsValidationException invalid ? invalid.Failures : [exception.Message];

    private static void Register(Assembly assembly, string type, string method, IServiceCollection services, IConfiguration configuration)
    {
        var setup = assembly.GetType(type, throwOnError: true)!.GetMethod(method, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            ?? throw new MissingMethodException(type, method);
        setup.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [services, configuration], null);
    }

    /// <summary>What this command has loaded is shared; the rest comes from the app's folder.</summary>
    private sealed class BesideContext(string appAssembly) : AssemblyLoadContext("function app")
    {
        private readonly AssemblyDependencyResolver _resolver = new(appAssembly);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (IOException)
            {
                return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
            }
        }
    }
}
