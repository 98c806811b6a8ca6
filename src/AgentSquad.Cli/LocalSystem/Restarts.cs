using System.Diagnostics;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>
/// Starts a part of the system again and again until it runs: after a second, and later each time, up to half a minute, for one that ends
/// soon after its start.
/// </summary>
/// <param name="start">Starts it and returns what to say then; throws <see cref="CliException"/> when it did not start.</param>
/// <param name="say">Where to tell about it; null tells nobody.</param>
internal sealed class Restarts(Func<CancellationToken, Task<string>> start, Action<string>? say)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private TimeSpan _pause = First;
    private long? _startedAt;

    /// <summary>Returns when it runs again.</summary>
    /// <param name="reason">Why it has to be started: the beginning of a line.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task AgainAsync(string reason, CancellationToken cancellation)
    {
        if (_startedAt is not { } at || Stopwatch.GetElapsedTime(at) > Steady) _pause = First;
        while (true)
        {
            say?.Invoke($"{reason}; starting it again in {_pause.TotalSeconds:0} s");
            await Task.Delay(_pause, cancellation);
            _pause = _pause * 2 < Most ? _pause * 2 : Most;
            try
            {
                var started = await start(cancellation);
                _startedAt = Stopwatch.GetTimestamp();
                say?.Invoke(started);
                return;
            }
            catch (CliException exception)
            {
                reason = exception.Message;
            }
        }
    }
}
