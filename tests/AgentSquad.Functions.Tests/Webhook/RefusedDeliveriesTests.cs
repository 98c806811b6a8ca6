using AgentSquad.Functions.Webhook;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Tests.Webhook;

public sealed class RefusedDeliveriesTests
{
    private static readonly EventQueueUnavailableException Problem =
        new("Storage did not take the event.", new IOException("Connection refused\nHeaders:\nServer: x"));

    private readonly Clock _clock = new();
    private readonly Lines _lines = new();
    private readonly RefusedDeliveries _refused;

    public RefusedDeliveriesTests() => _refused = new RefusedDeliveries(_clock, _lines);

    [Fact]
    public void Add_ThousandsWithinAMinute_OneLineThatNamesTheCause()
    {
        for (var i = 0; i < 5000; i++)
        {
            _clock.Now += TimeSpan.FromMilliseconds(10);
            _refused.Add($"d{i}", Problem);
        }

        var (level, text) = Assert.Single(_lines.Said);
        Assert.Equal(LogLevel.Error, level);
        Assert.Equal("Storage takes no events: 1 deliveries are refused so far, the latest is d0. Jira will send them again. Connection refused", text);
    }

    [Fact]
    public void Over_AfterALongOutage_SaysHowManyWereRefused()
    {
        for (var i = 0; i < 100; i++)
        {
            _refused.Add($"d{i}", Problem);
            _clock.Now += TimeSpan.FromSeconds(1);
        }

        _clock.Now += TimeSpan.FromSeconds(10);
        _refused.Over();
        _refused.Over();

        Assert.Equal(3, _lines.Said.Count);
        Assert.Equal("Storage takes events again. 100 deliveries were refused within 99 s.", _lines.Said[^1].Text);
    }

    [Fact]
    public void Over_StorageFailsNowAndThen_WaitsForCalm()
    {
        for (var i = 0; i < 30; i++)
        {
            _refused.Add($"d{i}", Problem);
            _clock.Now += TimeSpan.FromSeconds(1);
            _refused.Over();
        }

        Assert.Single(_lines.Said);
    }

    [Fact]
    public void Over_NothingWasRefused_SaysNothing()
    {
        _refused.Over();

        Assert.Empty(_lines.Said);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Lines : ILogger<RefusedDeliveries>
    {
        public List<(LogLevel Level, string Text)> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Said.Add((logLevel, formatter(state, exception)));
        }
    }
}
