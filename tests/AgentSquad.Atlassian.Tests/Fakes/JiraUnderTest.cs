using System.Collections.Concurrent;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Tests.Fakes;

/// <summary>The services as an application registers them, pointed at a local server.</summary>
public sealed class JiraUnderTest : IAsyncDisposable, ILoggerProvider
{
    private readonly ServiceProvider _services;

    public JiraUnderTest(string address, params (string Name, string Value)[] settings)
        : this(address, TimeProvider.System, settings)
    {
    }

    public JiraUnderTest(string address, TimeProvider time, params (string Name, string Value)[] settings)
        : this(address, time, null, settings)
    {
    }

    public JiraUnderTest(string address, TimeProvider time, Func<DelegatingHandler>? connection, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Jira:BaseUrl"] = address,
            ["Jira:Email"] = "bot@example.invalid",
            ["Jira:ApiToken"] = Token,
            ["Jira:RetryDelay"] = "00:00:00.005",
            ["Jira:RequestTimeout"] = "00:01:00",
            ["Jira:RequestsPerSecond"] = "1000",
        };
        foreach (var (name, value) in settings) values[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection();
        services
            .AddSingleton(time)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this))
            .AddJira(configuration)
            .AddConfluence(configuration);
        if (connection is not null) services.AddHttpClient(JiraPipeline.ClientName).AddHttpMessageHandler(connection);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public const string Token = "s3cr3t-token-that-nobody-may-see";

    public ConcurrentQueue<string> Log { get; } = new();

    public IJiraClient Client => Get<IJiraClient>();

    public ITicketEffects Effects => Get<ITicketEffects>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ILogger CreateLogger(string categoryName) => new Recorder(Log);

    public void Dispose() { }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Recorder(ConcurrentQueue<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
