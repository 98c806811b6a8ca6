using AgentSquad.EmbeddedHost.Orchestration.State;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>A durable timer, or the start of an instance that is scheduled for later.</summary>
/// <param name="Instance">Whose.</param>
/// <param name="ExecutionId">Of which execution.</param>
/// <param name="TaskId">Number of the timer; <see cref="ScheduledStart"/> for a start.</param>
internal readonly record struct TimerEntry(Instance Instance, string ExecutionId, int TaskId)
{
    public const int ScheduledStart = -1;
}

/// <summary>Waits for the earliest of all timers.</summary>
internal sealed class TimerQueue : IDisposable
{
    // System timers end at 49 days; a durable timer may take years.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TimerEntry, DateTime> _queue = new();
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyList<TimerEntry>> _fire;
    private readonly ITimer _timer;
    private DateTime _armedFor = DateTime.MaxValue;
    private bool _stopped;

    public TimerQueue(TimeProvider time, Action<IReadOnlyList<TimerEntry>> fire)
    {
        _time = time;
        _fire = fire;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock) return _queue.Count;
        }
    }

    public void Add(TimerEntry entry, DateTime dueAt)
    {
        lock (_lock)
        {
            _queue.Enqueue(entry, dueAt);
            Arm();
        }
    }

    /// <summary>Drops the entries that nobody waits for any more.</summary>
    public void Sweep(Func<TimerEntry, bool> isLive)
    {
        lock (_lock)
        {
            var live = _queue.UnorderedItems.Where(item => isLive(item.Element)).ToList();
            _queue.Clear();
            _queue.EnqueueRange(live);
            _queue.TrimExcess();
        }
    }

    public void Dispose()
    {
        lock (_lock) _stopped = true;
        _timer.Dispose();
    }

    private void OnTimer()
    {
        List<TimerEntry> due = [];
        lock (_lock)
        {
            if (_stopped) return;
            var now = _time.GetUtcNow().UtcDateTime;
            while (_queue.TryPeek(out var entry, out var dueAt) && dueAt <= now)
            {
                _queue.Dequeue();
                due.Add(entry);
            }

            _armedFor = DateTime.MaxValue;
            Arm();
        }

        if (due.Count > 0) _fire(due);
    }

    private void Arm()
    {
        if (_stopped || !_queue.TryPeek(out _, out var dueAt) || dueAt >= _armedFor) return;
        _armedFor = dueAt;
        var wait = dueAt - _time.GetUtcNow().UtcDateTime;

        // Rounded up: a timer that wakes a fraction early would have to wait again.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _timer.Change(wait > LongestWait ? LongestWait : wait, Timeout.InfiniteTimeSpan);
    }
}
