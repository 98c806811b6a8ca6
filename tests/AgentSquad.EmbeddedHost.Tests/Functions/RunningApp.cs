using System.Collections.Concurrent;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using AgentSquad.EmbeddedHost.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>A function app made of a test's own classes, running on a free port.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    /// <summary>One generous time-out for everything that a test waits for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;
    private readonly string _keysFile;

    private RunningApp(IHost host, string keysFile, ConcurrentQueue<string> log)
    {
        _host = host;
        _keysFile = keysFile;
        Log = log;
        Keys = HostKeysFile.ReadOrCreate(keysFile);
        Http = new HttpClient { BaseAddress = host.Services.GetRequiredService<EmbeddedHostService>().Address, Timeout = Patience };
    }

    public HttpClient Http { get; }

    public HostKeys Keys { get; }

    public string FunctionKey => Keys.FunctionKeys["default"];

    public IServiceProvider Services => _host.Services;

    /// <summary>Log lines as level, category and text.</summary>
    public ConcurrentQueue<string> Log { get; }

    public static async Task<RunningApp> StartAsync(
        IEnumerable<Type> functions, Action<FunctionsApplicationBuilder>? configure = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var keysFile = Path.Combine(Path.GetTempPath(), $"agentsquad-test-{Guid.NewGuid():N}", "keys.json");
        var log = new ConcurrentQueue<string>();
        var builder = NewBuilder(functions, keysFile, settings);
        builder.Logging.ClearProviders().AddProvider(new QueueLogger(log));
        configure?.Invoke(builder);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new RunningApp(host, keysFile, log);
    }

    /// <summary>Wraps a host that was built another way.</summary>
    public static RunningApp Of(IHost started, string keysFile) => new(started, keysFile, new ConcurrentQueue<string>());

    public static FunctionsApplicationBuilder NewBuilder(
        IEnumerable<Type> functions, string keysFile, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EmbeddedHost:Port"] = "0",
            ["EmbeddedHost:KeysFile"] = keysFile,
            ["EmbeddedHost:ExitOnFailure"] = "false",
        });
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(new FunctionSource(functions));
        return builder;
    }

    /// <summary>Waits until this process owns the task hub.</summary>
    public Task WhenActiveAsync() => _host.Services.GetRequiredService<TaskHubHost>().Active.WaitAsync(Patience);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        _host.Dispose();
        if (Path.GetDirectoryName(_keysFile) is { } folder && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private sealed class QueueLogger(ConcurrentQueue<string> lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Lines(categoryName, lines);

        public void Dispose()
        {
        }

        private sealed class Lines(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
                => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel} {category} {formatter(state, exception)}{(exception is null ? "" : $" | {exception.Message}")}");
            }
        }
    }
}
