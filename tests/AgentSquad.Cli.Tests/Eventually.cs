namespace AgentSquad.Cli.Tests;

/// <summary>Waits for something that only looking can tell.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Timeout);
        using var timer = new PeriodicTimer(Interval);
        while (!condition()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
