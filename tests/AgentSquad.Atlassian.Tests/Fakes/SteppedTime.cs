namespace AgentSquad.Atlassian.Tests.Fakes;

/// <summary>A clock that stands still until it is advanced.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _ticks;

    public void Advance(TimeSpan by) => _ticks += by.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;
}
