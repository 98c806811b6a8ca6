namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Pauses that grow while nothing happens, with a little chance in them so that listeners do not march in step.</summary>
internal sealed class PollingPace(TimeSpan shortest, TimeSpan longest)
{
    private const double Growth = 1.5;

    private readonly TimeSpan _shortest = shortest;
    private TimeSpan _next = shortest;

    /// <summary>The pause to make now; the next one is longer.</summary>
    public TimeSpan Next()
    {
        var pause = _next;
        var longer = _next * Growth;
        _next = longer < longest ? longer : longest;
        return pause * (0.9 + (Random.Shared.NextDouble() * 0.2));
    }

    /// <summary>Something happened: pauses are short again.</summary>
    public void Reset() => _next = _shortest;
}
