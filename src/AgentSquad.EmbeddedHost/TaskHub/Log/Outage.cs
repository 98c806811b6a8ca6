using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>Waits between attempts while the storage is away, a little longer each time; gives ownership up when that takes too long.</summary>
internal sealed class Outage(CommitLogOptions options, Ownership ownership, CancellationToken stop)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private long _since;
    private TimeSpan _wait = TimeSpan.Zero;

    /// <summary>Returns when it is time to try again; throws <see cref="TaskHubLostException"/> when there is no more time.</summary>
    public void Wait(HubStorageException reason)
    {
        if (ownership.IsLost) throw ownership.Exception();
        if (_since == 0) _since = options.Time.GetTimestamp();
        if (options.Time.GetElapsedTime(_since) > options.OutageLimit)
        {
            ownership.Lose(
                $"The storage did not take an append for {options.OutageLimit.TotalSeconds:0} s. Check that it is reachable: {reason.Message}.",
                reason);
            throw ownership.Exception();
        }

        // At once the first time: after a refusal that was looked into, nothing speaks for waiting.
        if (_wait > TimeSpan.Zero && stop.WaitHandle.WaitOne(_wait))
        {
            ownership.Lose($"The log was closed while the storage was away: {reason.Message}.", reason);
            throw ownership.Exception();
        }

        _wait = _wait == TimeSpan.Zero ? TimeSpan.FromMilliseconds(50) : _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }
}
