using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Keeps what was logged.</summary>
internal sealed class CollectedLogs : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<Exception> _exceptions = new();
    private readonly SemaphoreSlim _added = new(0);

    public IReadOnlyCollection<string> Lines => [.. _lines];

    public IReadOnlyCollection<Exception> Exceptions => [.. _exceptions];

    /// <summary>Told of each line by who logs it, which waits for it.</summary>
    public Action<string>? OnLine { get; set; }

    public async Task Until(Func<string, bool> condition)
    {
        while (!_lines.Any(condition)) Assert.True(await _added.WaitAsync(EngineHarness.Limit), string.Join('\n', _lines));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)}";
        if (exception is not null) _exceptions.Enqueue(exception);
        _lines.Enqueue(line);
        _added.Release();
        OnLine?.Invoke(line);
    }

    public void Dispose() => _added.Dispose();
}
