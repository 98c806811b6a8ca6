using AgentSquad.EmbeddedHost.TaskHub.ReadModel;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

public sealed class PendingRowsTests
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Clock _clock = new();
    private readonly PendingRows _rows;

    public PendingRowsTests() => _rows = new PendingRows(_clock, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));

    [Fact]
    public void TryTake_StorageIsBusy_BeginsNoBurstButLooksAgainSoon()
    {
        Add("a");
        _clock.Now += TimeSpan.FromSeconds(4);
        Assert.False(Take(isBusy: true, out var due));
        Assert.Equal(TimeSpan.FromMilliseconds(500), due);
        Assert.True(Take(isBusy: false, out _));
    }

    [Fact]
    public void TryTake_BusyForTooLong_HandsOutAllThatIsDue()
    {
        Add("a");
        _clock.Now += TimeSpan.FromSeconds(3.5);
        Add("b");
        _clock.Now += TimeSpan.FromSeconds(1.5);
        Add("c");
        Assert.True(Take(isBusy: true, out _));
        Assert.True(Take(isBusy: true, out _));
        Assert.False(Take(isBusy: true, out _));
    }

    private void Add(string id) => Assert.True(_rows.TryAdd(id, null, 10, out _));

    private bool Take(bool isBusy, out TimeSpan? due) => _rows.TryTake(Age, isBusy, out _, out due, out _);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
