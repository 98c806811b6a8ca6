using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>Waits between attempts while the storage is away, a little longer each time; gives ownership up when that takes too long.</summary>
/// <param name="options">Clock and limit.</param>
/// <param name="ownership">What is given up.</param>
/// <param name="stop">The log is closed.</param>
/// <param name="cancellation">Whoever asked no longer waits for the answer.</param>
internal sealed class Outage(CommitLogOptions options, Ownership ownership, CancellationToken stop, CancellationToken cancellation = default)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private long _since;
    private TimeSpan _wait = TimeSpan.Zero;

    /// <summary>Returns when it is time to try again; throws <see cref="TaskHubLostException"/> when there is no more time.</summary>
    public void Wait(HubStorageException reason)
    {
        if (ownership.IsLost) throw ownership.Exception();
        cancellation.ThrowIfCancellationRequested();
        if (_since == 0) _since = options.Time.GetTimestamp();
        if (options.Time.GetElapsedTime(_since) > options.OutageLimit)
        {
            ownership.Lose(
                $"The storage did not take an append for {options.OutageLimit.TotalSeconds:0} s. Check that it is reachable: {reason.Message}.",
                reason);
            throw ownership.Exception();
        }

        // At once the first time: after a refusal that was looked into, nothing speaks for waiting.
        if (_wait > TimeSpan.Zero && WaitHandle.WaitAny([stop.WaitHandle, cancellation.WaitHandle], _wait) == 0)
        {
            ownership.Lose($"The log was closed while the storage was away: {reason.Message}.", reason);
            throw ownership.Exception();
        }

        cancellation.ThrowIfCancellationRequested();
        _wait = _wait == TimeSpan.Zero ? TimeSpan.FromMilliseconds(50) : _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }
}
