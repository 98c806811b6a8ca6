using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using Microsoft.Extensions.Logging;
using Moq;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A hub that is lost while its engine is being disposed: two threads end the same work.</summary>
public sealed class LateLossTests
{
    [Fact]
    public async Task Dispose_WhileALossIsBeingTold_LeavesTheThreadThatToldIt()
    {
        var log = new Mock<ICommitLog>();
        log.Setup(it => it.OpenAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LogRecovery(null, 0, AsyncEnumerable.Empty<LogRecord>()));
        log.Setup(it => it.Append(It.IsAny<ReadOnlyMemory<byte>>())).Returns(Task.FromException<long>(new TaskHubLostException("gone")));
        using var logger = new HeldLogger("is lost");
        var functions = new TestFunctions().Orchestrator("Any", async context => await context.WaitForExternalEvent<string>("Go"));
        var engine = new TaskHubEngine(log.Object, new MemoryHub().Payloads, functions, new TaskHubEngineOptions(), logger);
        await engine.StartAsync(CancellationToken.None).WaitAsync(EngineHarness.Limit);

        var start = engine.CreateClient("test").ScheduleNewOrchestrationInstanceAsync("Any");
        var teller = await logger.Held.WaitAsync(EngineHarness.Limit);
        await engine.DisposeAsync().AsTask().WaitAsync(EngineHarness.Limit);
        logger.LetGo();

        // What it does with the rest of the engine must not end the process.
        Assert.True(teller.Join(EngineHarness.Limit));
        await Assert.ThrowsAnyAsync<Exception>(() => start.WaitAsync(EngineHarness.Limit));
    }

    /// <summary>Holds the thread that logs a line with certain words.</summary>
    private sealed class HeldLogger(string words) : ILoggerFactory, ILogger
    {
        private readonly TaskCompletionSource<Thread> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();

        public Task<Thread> Held => _held.Task;

        public void LetGo() => _go.Set();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This logger is all there is.");

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!formatter(state, exception).Contains(words, StringComparison.Ordinal)) return;
            _held.TrySetResult(Thread.CurrentThread);
            _go.Wait(EngineHarness.Limit);
        }

        public void Dispose() => _go.Dispose();
    }
}
