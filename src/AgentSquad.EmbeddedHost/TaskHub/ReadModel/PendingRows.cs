using System.Diagnostics.CodeAnalysis;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>
/// What is to be written, one entry per instance: a newer row takes the place of an older one that waits. An instance that is being written
/// is not handed out a second time until that is over, so its rows never overtake each other. Thread-safe.
/// </summary>
internal sealed class PendingRows(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _waiting = [];

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
    public bool TryAdd(string instanceId, InstanceRow? row, int most)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(instanceId, out var entry))
            {
                entry.Row = row;
                entry.Changed = entry.Node is null;
                return true;
            }

            if (_entries.Count >= most) return false;
            entry = new Entry(instanceId) { Row = row, Since = time.GetTimestamp() };
            _entries.Add(instanceId, entry);
            entry.Node = _waiting.AddLast(entry);
            return true;
        }
    }

    /// <summary>Hands out the oldest entry that is at least that old; otherwise says how long until there is one (null: nothing waits).</summary>
    public bool TryTake(TimeSpan age, [NotNullWhen(true)] out Entry? entry, out TimeSpan? due)
    {
        lock (_gate)
        {
            entry = null;
            due = null;
            if (_waiting.First is not { } first) return false;
            var rest = age - time.GetElapsedTime(first.Value.Since);
            if (rest > TimeSpan.Zero)
            {
                due = rest;
                return false;
            }

            _waiting.RemoveFirst();
            entry = first.Value;
            entry.Node = null;
            entry.Changed = false;
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

        /// <summary>Its place while it waits; null while it is being written.</summary>
        public LinkedListNode<Entry>? Node { get; set; }

        /// <summary>Whether a newer row came while it was being written.</summary>
        public bool Changed { get; set; }
    }
}
