namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>
/// Runs user code on threads of its own, so that code which blocks cannot take the threads that HTTP and the hub's own loops need. Begins
/// with a thread per processor and adds more, up to a limit, while work waits and moves slowly.
/// </summary>
internal sealed class UserCodeScheduler(string name, int maxThreads) : TaskScheduler, IDisposable
{
    private static readonly TimeSpan SlowQueue = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(20);

    // A monitor, because a thread that waits on it sleeps at once: the storage on the same machine has a better use for the processor.
    private readonly object _lock = new();
    private readonly Queue<(Task Task, long QueuedAt)> _queue = new();
    private readonly int _eagerThreads = Math.Min(maxThreads, Environment.ProcessorCount);
    private int _threads;
    private int _idle;
    private int _replacements;
    private int _takenSinceTick;
    private bool _stopped;

    public override int MaximumConcurrencyLevel => maxThreads;

    /// <summary>Whether no work waits for a thread.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock) return _queue.Count == 0;
        }
    }

    /// <summary>Queues work.</summary>
    public void Run(Action<object?> work, object? state) =>
        new Task(work, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach).Start(this);

    /// <summary>Adds a thread when work has waited too long; called a few dozen times a second.</summary>
    public void Relieve()
    {
        lock (_lock)
        {
            var slow = _queue.TryPeek(out var oldest)
                && TimeProvider.System.GetElapsedTime(oldest.QueuedAt) > SlowQueue
                && _takenSinceTick < 2 * _threads;
            _takenSinceTick = 0;
            if (slow && _idle == 0 && _threads < maxThreads + _replacements) AddThread();
        }
    }

    /// <summary>Allows one more thread in place of one that user code does not give back.</summary>
    public void AddReplacement()
    {
        lock (_lock)
        {
            _replacements++;
            AddThread();
        }
    }

    /// <summary>The thread was given back after all.</summary>
    public void RemoveReplacement()
    {
        lock (_lock) _replacements--;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopped) return;
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            if (_stopped) return;
            _queue.Enqueue((task, TimeProvider.System.GetTimestamp()));
            if (_idle > 0) Monitor.Pulse(_lock);
            if (_queue.Count > _idle && _threads < _eagerThreads) AddThread();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock) return [.. _queue.Select(item => item.Task)];
    }

    private void AddThread()
    {
        if (_stopped) return;
        _threads++;
        new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    private void Work()
    {
        while (Next() is { } task) TryExecuteTask(task);
    }

    private Task? Next()
    {
        lock (_lock)
        {
            while (!_stopped && _threads <= maxThreads + _replacements)
            {
                if (_queue.TryDequeue(out var next))
                {
                    _takenSinceTick++;
                    return next.Task;
                }

                _idle++;
                var called = Monitor.Wait(_lock, IdleLife);
                _idle--;
                if (!called && _queue.Count == 0) break;
            }

            // Work that this thread was called for is for another.
            if (_queue.Count > 0) Monitor.Pulse(_lock);
            _threads--;
            return null;
        }
    }
}
