using System.Diagnostics.CodeAnalysis;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>
/// What is to be written, one entry per instance: a newer row takes the place of an older one that waits. An instance that is being written
/// is not handed out a second time until that is over, so its rows never overtake each other. Thread-safe.
/// </summary>
/// <param name="time">Clock of ages.</param>
/// <param name="burstEvery">
/// Rows are handed out in bursts this far apart, not one by one as each gets old enough: between two bursts the storage has time for commits.
/// </param>
/// <param name="longest">Age at which a burst begins although the storage is busy with commits.</param>
internal sealed class PendingRows(TimeProvider time, TimeSpan burstEvery, TimeSpan longest)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _waiting = [];
    private bool _isBurst;

    /// <summary>Instances that wait or are being written.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>Age of the oldest change that is not written yet; zero when all is.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (_gate)
            {
                var oldest = long.MaxValue;
                // Those being written are few; of those that wait, the first is the oldest.
                foreach (var entry in _entries.Values.Where(entry => entry.Node is null)) oldest = Math.Min(oldest, entry.Since);
                if (_waiting.First is { } first) oldest = Math.Min(oldest, first.Value.Since);
                return oldest == long.MaxValue ? TimeSpan.Zero : time.GetElapsedTime(oldest);
            }
        }
    }

    /// <summary>Adds a change; a null row deletes. False when there is no room for another instance.</summary>
    /// <param name="instanceId">Which instance.</param>
    /// <param name="row">Its newest row.</param>
    /// <param name="most">Instances that may wait.</param>
    /// <param name="isFirst">Whether nothing waited before, so that nobody may be waiting for a time to come.</param>
    public bool TryAdd(string instanceId, InstanceRow? row, int most, out bool isFirst)
    {
        lock (_gate)
        {
            isFirst = _waiting.Count == 0;
            if (_entries.TryGetValue(instanceId, out var entry))
            {
                entry.Row = row;
                entry.Changed = entry.Node is null;
                return true;
            }

            if (_entries.Count >= most)
            {
                // Who posts waits for room: no time for politeness.
                _isBurst = true;
                return false;
            }

            entry = new Entry(instanceId) { Row = row, Since = time.GetTimestamp() };
            _entries.Add(instanceId, entry);
            entry.Node = _waiting.AddLast(entry);
            return true;
        }
    }

    /// <summary>Hands out the oldest entry that is at least that old; otherwise says how long until the next burst (null: nothing waits).</summary>
    /// <param name="age">How old; zero for all that waits, at once.</param>
    /// <param name="isBusy">Whether a burst had better not begin now.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="due">Time until there is one.</param>
    /// <param name="hasMore">Whether there is another for somebody else.</param>
    public bool TryTake(TimeSpan age, bool isBusy, [NotNullWhen(true)] out Entry? entry, out TimeSpan? due, out bool hasMore)
    {
        lock (_gate)
        {
            entry = null;
            due = null;
            hasMore = false;
            if (_waiting.First is not { } first)
            {
                _isBurst = false;
                return false;
            }

            var waited = time.GetElapsedTime(first.Value.Since);
            var begin = age + burstEvery;
            if (age == TimeSpan.Zero || waited >= (isBusy && longest > begin ? longest : begin)) _isBurst = true;
            if (!_isBurst || waited < age)
            {
                // One that is due and has to wait for a pause looks again soon.
                _isBurst = false;
                due = waited < begin ? begin - waited : burstEvery;
                return false;
            }

            _waiting.RemoveFirst();
            entry = first.Value;
            entry.Node = null;
            entry.Changed = false;
            hasMore = _waiting.First is { } next && time.GetElapsedTime(next.Value.Since) >= age;
            return true;
        }
    }

    /// <summary>The entry was written, or is to be tried again.</summary>
    public void Done(Entry entry, bool again)
    {
        lock (_gate)
        {
            if (again)
            {
                entry.Node = _waiting.AddFirst(entry);
            }
            else if (entry.Changed)
            {
                entry.IsKnown = true;
                entry.Oddities = 0;
                entry.Since = time.GetTimestamp();
                entry.Node = _waiting.AddLast(entry);
            }
            else
            {
                _entries.Remove(entry.InstanceId);
            }
        }
    }

    /// <summary>One instance's change.</summary>
    internal sealed class Entry(string instanceId)
    {
        /// <summary>Which instance.</summary>
        public string InstanceId => instanceId;

        /// <summary>The newest row; null deletes.</summary>
        public InstanceRow? Row { get; set; }

        /// <summary>When the oldest change came that is not written.</summary>
        public long Since { get; set; }

        /// <summary>Whether the table has a row of the instance for certain.</summary>
        public bool IsKnown { get; set; }

        /// <summary>Attempts to write it that failed for no reason that passes.</summary>
        public int Oddities { get; set; }

        /// <summary>Its place while it waits; null while it is being written.</summary>
        public LinkedListNode<Entry>? Node { get; set; }

        /// <summary>Whether a newer row came while it was being written.</summary>
        public bool Changed { get; set; }
    }
}
