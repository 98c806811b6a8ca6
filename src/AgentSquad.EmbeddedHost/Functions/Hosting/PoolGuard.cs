using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>
/// Keeps the shared thread pool answering. Functions run on threads of their own, but what they start on the pool (Task.Run, code after
/// ConfigureAwait(false)) may block every thread of it, and HTTP and the storage client need some; left alone, the pool adds only one or two
/// a second then. A thread outside the pool asks it for a sign of life and doubles its minimum while it gives none.
/// </summary>
internal sealed partial class PoolGuard(ILoggerFactory loggers) : IDisposable
{
    private const int Most = 4096;
    private const int QuietRounds = 120;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = loggers.CreateLogger("Host.Pool");
    private readonly object _gate = new();
    private volatile bool _stopping;
    private int _raisedFrom;
    private int _quiet;

    /// <summary>Watches the pool until this is disposed.</summary>
    public void Start() => new Thread(Watch) { IsBackground = true, Name = "AgentSquad pool guard" }.Start();

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
    }

    private static int Minimum()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }

    // Threads that have work.
    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free;
    }

    private static void SetMinimum(int workers)
    {
        ThreadPool.GetMinThreads(out _, out var ports);
        ThreadPool.SetMinThreads(workers, ports);
    }

    private void Watch()
    {
        while (!StopsWithin(Pause)) Ask();
        Restore();
    }

    private bool StopsWithin(TimeSpan pause)
    {
        lock (_gate) return _stopping || (Monitor.Wait(_gate, pause) && _stopping);
    }

    private void Ask()
    {
        var answer = new TaskCompletionSource();
        var completed = ThreadPool.CompletedWorkItemCount;
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.SetResult(), answer, preferLocal: false);
        while (!answer.Task.Wait(Patience) && !_stopping)
        {
            // A pool that gets on with its work is only busy; more threads would not make the processor faster.
            var (now, busy) = (ThreadPool.CompletedWorkItemCount, Busy());
            if (busy >= Minimum() && now - completed < busy / 4) Raise();
            completed = now;
            _quiet = 0;
        }

        if (_raisedFrom > 0 && ++_quiet >= QuietRounds) Restore();
    }

    private void Raise()
    {
        var minimum = Minimum();
        if (minimum >= Most) return;
        if (_raisedFrom == 0)
        {
            _raisedFrom = minimum;
            LogBlocked(_logger, Busy());
        }

        SetMinimum(Math.Min(2 * minimum, Most));
    }

    private void Restore()
    {
        if (_raisedFrom == 0) return;
        SetMinimum(_raisedFrom);
        _raisedFrom = 0;
    }

    [LoggerMessage(70, LogLevel.Warning,
        "{Count} threads of the shared pool are blocked, and it gets more: functions should await, not block, what they start with Task.Run or after ConfigureAwait(false).")]
    private static partial void LogBlocked(ILogger logger, int count);
}
