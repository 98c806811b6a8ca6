using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>
/// Gives memory back to the machine once a burst of work, such as a start with thousands of waiting instances, is over. The collector alone
/// runs only when something is allocated, so a host that waits would keep for days what it needed for seconds.
/// </summary>
internal sealed partial class IdleMemory : IDisposable
{
    private const long Idle = 4 * 1024 * 1024;
    private const long Worth = 32 * 1024 * 1024;
    private const int QuietLooks = 2;

    // Shared pools keep what they lent for a minute after the collection that first saw it unused.
    private const int LooksUntilSecond = 13;

    // Five minutes. Both collections stop the process; what little but steady work leaves behind is not worth that each time it has added up.
    private const int LooksBetween = 60;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Func<Usage> _usage;
    private readonly Action _giveBack;
    private readonly ILogger _logger;
    private Timer? _timer;
    private long _allocated;
    private long _heldAfterReturn;
    private int _quiet;
    private int _looksUntilSecond;
    private int _looksUntilNext;

    public IdleMemory(ILoggerFactory loggers)
        : this(static () => new Usage(GC.GetTotalAllocatedBytes(), Environment.WorkingSet), Collect, loggers)
    {
    }

    /// <param name="usage">What is in use now.</param>
    /// <param name="giveBack">Collects and gives back.</param>
    /// <param name="loggers">For a line about it.</param>
    internal IdleMemory(Func<Usage> usage, Action giveBack, ILoggerFactory loggers)
    {
        _usage = usage;
        _giveBack = giveBack;
        _logger = loggers.CreateLogger("Host.Memory");
    }

    /// <summary>Looks every five seconds until this is disposed.</summary>
    public void Start() => _timer = new Timer(static self => ((IdleMemory)self!).Look(), this, Every, Every);

    public void Dispose() => _timer?.Dispose();

    /// <summary>
    /// Gives back when two looks saw little work, and the process holds much more than the least since it last gave back, which was five minutes
    /// ago or more; and once more for pools.
    /// </summary>
    internal void Look()
    {
        var before = _usage();
        if (_looksUntilNext > 0) _looksUntilNext--;

        // The collector may have given back more by itself meanwhile, and what was held then may be gone.
        _heldAfterReturn = Math.Min(_heldAfterReturn, before.Held);
        _quiet = before.Allocated - _allocated > Idle ? 0 : _quiet + 1;
        _allocated = before.Allocated;
        if (_quiet < QuietLooks) return;
        if (before.Held - _heldAfterReturn >= Worth && _looksUntilNext == 0) (_looksUntilSecond, _looksUntilNext) = (LooksUntilSecond, LooksBetween);
        else if (_looksUntilSecond == 0 || --_looksUntilSecond > 0) return;
        _giveBack();
        var after = _usage();
        (_allocated, _heldAfterReturn) = (after.Allocated, after.Held);
        LogGivenBack(_logger, (before.Held - after.Held) / (1024 * 1024));
    }

    // What finalizers let go of, pools among them, is there for the second collection.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    [LoggerMessage(80, LogLevel.Debug, "Nothing happens; {Mebibytes} MiB of memory were given back.")]
    private static partial void LogGivenBack(ILogger logger, long mebibytes);

    /// <summary>Memory of the process.</summary>
    /// <param name="Allocated">Bytes ever allocated.</param>
    /// <param name="Held">Working set, bytes.</param>
    internal readonly record struct Usage(long Allocated, long Held);
}
