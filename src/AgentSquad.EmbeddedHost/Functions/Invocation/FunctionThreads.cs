using System.Diagnostics.CodeAnalysis;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>
/// Threads that functions run on, and that their awaits come back to: a function that blocks costs one of these and never a thread that the
/// host's loops or its HTTP server need. A thread is made when work waits and none is free, up to a limit, and ends after an idle while.
/// </summary>
internal sealed class FunctionThreads : TaskScheduler, IDisposable
{
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(30);

    [ThreadStatic]
    private static FunctionThreads? t_current;

    private readonly object _gate = new();
    private readonly Queue<Task> _tasks = new();
    private readonly int _limit;
    private int _threads;
    private int _idle;
    private bool _disposed;

    /// <param name="limit">Threads at most.</param>
    public FunctionThreads(int limit) => _limit = limit;

    /// <summary>Threads that exist now.</summary>
    public int Count => Volatile.Read(ref _threads);

    public override int MaximumConcurrencyLevel => _limit;

    /// <summary>Runs work on these threads; what awaits the result continues elsewhere.</summary>
    public Task<T> Run<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Factory.StartNew(() => RunToEndAsync(work, done), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);
        return done.Task;
    }

    public void Dispose()
    {
        // Wakes every idle thread, so that it ends. One that is stuck in a function is a background thread and ends with the process.
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate) return _tasks.ToArray();
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _tasks.Enqueue(task);
            // Every idle thread takes one of the waiting tasks; what is left over needs a thread of its own.
            if (_tasks.Count <= _idle)
            {
                Monitor.Pulse(_gate);
                return;
            }

            if (_threads == _limit) return;
            _threads++;
        }

        new Thread(Loop) { IsBackground = true, Name = "AgentSquad function" }.Start();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
        => !taskWasPreviouslyQueued && t_current == this && TryExecuteTask(task);

    private static async Task RunToEndAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(await work());
        }
        catch (Exception problem)
        {
            done.SetException(problem);
        }
    }

    private void Loop()
    {
        t_current = this;
        while (TryTake(out var task)) TryExecuteTask(task);
    }

    private bool TryTake([NotNullWhen(true)] out Task? task)
    {
        lock (_gate)
        {
            while (!_tasks.TryDequeue(out task))
            {
                _idle++;
                var isIdle = _disposed || !Monitor.Wait(_gate, IdleLife);
                _idle--;
                if (isIdle && _tasks.Count == 0)
                {
                    _threads--;
                    return false;
                }
            }

            return true;
        }
    }
}
