using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>
/// Gives memory back to the machine once a burst of work, such as a start with thousands of waiting instances, is over. The collector alone
/// runs only when something is allocated, so a host that waits would keep for days what it needed for seconds.
/// </summary>
internal sealed partial class IdleMemory : IDisposable
{
    private const long Idle = 4 * 1024 * 1024;
    private const long Worth = 64 * 1024 * 1024;
    private const int QuietLooks = 2;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Func<long> _allocated;
    private readonly Action _giveBack;
    private readonly ILogger _logger;
    private Timer? _timer;
    private long _seen;
    private long _seenAtReturn;
    private int _quiet;

    public IdleMemory(ILoggerFactory loggers)
        : this(static () => GC.GetTotalAllocatedBytes(), static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true), loggers)
    {
    }

    /// <param name="allocated">All bytes ever allocated.</param>
    /// <param name="giveBack">Collects and gives back.</param>
    /// <param name="loggers">For a line about it.</param>
    internal IdleMemory(Func<long> allocated, Action giveBack, ILoggerFactory loggers)
    {
        _allocated = allocated;
        _giveBack = giveBack;
        _logger = loggers.CreateLogger("Host.Memory");
    }

    /// <summary>Looks every five seconds until this is disposed.</summary>
    public void Start() => _timer = new Timer(static self => ((IdleMemory)self!).Look(), this, Every, Every);

    public void Dispose() => _timer?.Dispose();

    /// <summary>Gives back when little was allocated since the last two looks, and much since it last gave back.</summary>
    internal void Look()
    {
        var allocated = _allocated();
        _quiet = allocated - _seen > Idle ? 0 : _quiet + 1;
        _seen = allocated;
        if (_quiet < QuietLooks || allocated - _seenAtReturn < Worth) return;
        _seenAtReturn = allocated;
        var before = Environment.WorkingSet;
        _giveBack();
        LogGivenBack(_logger, (before - Environment.WorkingSet) / (1024 * 1024));
    }

    [LoggerMessage(80, LogLevel.Debug, "Nothing happens; {Mebibytes} MiB of memory were given back.")]
    private static partial void LogGivenBack(ILogger logger, long mebibytes);
}
