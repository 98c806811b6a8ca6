using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>
/// Holds leases on the segments of one owner and renews them on a thread of its own. A lease that ran out is taken again under the same id as
/// long as nobody else took it; otherwise ownership is lost.
/// </summary>
internal sealed class LeaseKeeper : IDisposable
{
    private readonly ISegmentStorage _storage;
    private readonly CommitLogOptions _options;
    private readonly Ownership _ownership;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly List<string> _held = [];
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    public LeaseKeeper(ISegmentStorage storage, CommitLogOptions options, OwnerIdentity owner, Ownership ownership, ILogger logger)
    {
        _storage = storage;
        _options = options;
        Owner = owner;
        _ownership = ownership;
        _logger = logger;
        owner.Alive();
    }

    /// <summary>Who holds the leases.</summary>
    public OwnerIdentity Owner { get; }

    /// <summary>Id of all its leases; new for every opening, so that a lease never passes from one owner to the next.</summary>
    public string LeaseId { get; } = Guid.NewGuid().ToString();

    /// <summary>Called after a lease had to be taken again: between the two, another may have written.</summary>
    public Action? Regained { get; set; }

    /// <summary>Whether the lease on a segment is held.</summary>
    public bool Holds(string segment)
    {
        lock (_gate) return _held.Contains(segment);
    }

    /// <summary>Renews this lease from now on.</summary>
    public void Hold(string segment)
    {
        lock (_gate)
        {
            if (!_held.Contains(segment)) _held.Add(segment);
            if (_thread is not null) return;
            _thread = new Thread(KeepOn) { IsBackground = true, Name = "hub lease" };
            _thread.Start();
        }
    }

    /// <summary>Gives one lease back; a failure only means that it runs out by itself.</summary>
    public void Release(string segment)
    {
        lock (_gate)
        {
            if (!_held.Remove(segment)) return;
        }

        TryRelease(segment);
    }

    /// <summary>Takes a lease again under the same id. False, and ownership lost, when another has it.</summary>
    public bool Retake(string segment)
    {
        try
        {
            _storage.AcquireLease(segment, LeaseId, _options.LeaseDuration, null);
            // A standby that was about to claim the segment may have put its name there.
            _storage.SetMetadata(segment, Owner.ToMetadata(), null, LeaseId);
            return true;
        }
        catch (HubStorageException taken) when (taken.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed)
        {
            _ownership.Lose($"Another process has taken the lease of '{segment}'.", taken);
            return false;
        }
        catch (HubStorageException missing) when (missing.Failure == StorageFailure.NotFound)
        {
            _ownership.Lose($"'{segment}' is gone.", missing);
            return false;
        }
    }

    /// <summary>Stops renewing, and releases what is held if this owner still is one.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        if (!_ownership.IsLost)
        {
            foreach (var segment in Held()) TryRelease(segment);
        }

        _stop.Dispose();
        Owner.Gone();
    }

    private string[] Held()
    {
        lock (_gate) return [.. _held];
    }

    private void KeepOn()
    {
        try
        {
            Renewals();
        }
        catch (Exception failure)
        {
            // Nobody renews any more: whatever it was, better to know than to find out by losing the hub later.
            _ownership.Lose($"The lease could not be kept: {failure.Message}", failure);
        }
    }

    private void Renewals()
    {
        var failingSince = 0L;
        var wait = _options.RenewEvery;
        while (!_ownership.IsLost && !_stop.Wait(wait))
        {
            var failed = false;
            foreach (var segment in Held()) failed |= !Renew(segment);
            if (!failed)
            {
                failingSince = 0;
                wait = _options.RenewEvery;
                continue;
            }

            // Soon again: a short outage must not cost the lease.
            wait = TimeSpan.FromSeconds(1) < _options.RenewEvery ? TimeSpan.FromSeconds(1) : _options.RenewEvery;
            if (failingSince == 0) failingSince = _options.Time.GetTimestamp();
            if (_options.Time.GetElapsedTime(failingSince) > _options.OutageLimit)
                _ownership.Lose($"The storage did not answer for {_options.OutageLimit.TotalSeconds:0} s; the lease could not be renewed.");
        }
    }

    private bool Renew(string segment)
    {
        try
        {
            _storage.RenewLease(segment, LeaseId);
            return true;
        }
        catch (HubStorageException refused) when (refused.Failure is StorageFailure.Unavailable or StorageFailure.Rejected)
        {
            _logger.LogWarning("The lease of {Segment} could not be renewed: {Reason}", segment, refused.Message);
            return false;
        }
        catch (HubStorageException)
        {
            lock (_gate)
            {
                // It was released while the request was under way.
                if (!_held.Contains(segment)) return true;
            }
        }

        try
        {
            if (Retake(segment)) Regained?.Invoke();
            return true;
        }
        catch (HubStorageException)
        {
            return false;
        }
    }

    private void TryRelease(string segment)
    {
        try
        {
            _storage.ReleaseLease(segment, LeaseId);
        }
        catch (HubStorageException reason)
        {
            _logger.LogDebug("The lease of {Segment} was not released and runs out by itself: {Reason}", segment, reason.Message);
        }
    }
}
