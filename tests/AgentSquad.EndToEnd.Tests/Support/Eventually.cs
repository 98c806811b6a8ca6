namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>Waits for something that only looking can tell.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static Task HoldsAsync(Func<bool> condition, Func<string>? state = null) =>
        HoldsAsync(() => Task.FromResult(condition()), state);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string>? state = null)
    {
        using var limit = new CancellationTokenSource(SquadCli.Timeout);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not so after {SquadCli.Timeout.TotalSeconds} s. {state?.Invoke()}");
        }
    }
}
