namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>
/// Runs user code on threads of its own, so that code which blocks cannot take the threads that HTTP and the hub's own loops need. Begins
/// with a thread per processor and adds more, up to a limit, while work waits and moves slowly.
/// </summary>
internal sealed class UserCodeScheduler(string name, int maxThreads) : TaskScheduler, IDisposable
{
    private static readonly TimeSpan SlowQueue = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
#pragma warning disable CA2213 // Threads that user code holds may still come back to it; it has no handle to release.
    private readonly SemaphoreSlim _available = new(0);
#pragma warning restore CA2213
    private readonly Queue<(Task Task, long QueuedAt)> _queue = new();
    private readonly int _eagerThreads = Math.Min(maxThreads, Environment.ProcessorCount);
    private int _threads;
    private int _idle;
    private int _replacements;
    private int _takenSinceTick;
    private bool _stopped;

    public override int MaximumConcurrencyLevel => maxThreads;

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
            _available.Release(_threads + 1);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            if (_stopped) return;
            _queue.Enqueue((task, TimeProvider.System.GetTimestamp()));
            if (_queue.Count > _idle && _threads < _eagerThreads) AddThread();
        }

        _available.Release();
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
        lock (_lock) _idle++;
        var signalled = _available.Wait(IdleLife);
        lock (_lock)
        {
            _idle--;
            if (!_stopped && _threads <= maxThreads + _replacements)
            {
                if (_queue.TryDequeue(out var next))
                {
                    _takenSinceTick++;
                    return next.Task;
                }
            }
            else if (signalled && !_stopped)
            {
                // This thread is one too many; the work is for another.
                _available.Release();
            }

            _threads--;
            return null;
        }
    }
}
