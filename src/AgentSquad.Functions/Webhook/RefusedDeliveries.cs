using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Webhook;

/// <summary>
/// Tells in few lines of storage that takes no events: one when it begins, one a minute while it lasts, one when it is over.
/// A line for each delivery would bury everything else, at the moment when someone reads the log.
/// </summary>
internal sealed class RefusedDeliveries(TimeProvider time, ILogger<RefusedDeliveries> logger)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    // Until nothing has failed for so long, it is not over: storage that fails now and then would make two lines for each.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile bool _isOut;
    private DateTimeOffset _since;
    private DateTimeOffset _latest;
    private DateTimeOffset? _told;
    private int _refused;

    /// <summary>A delivery was refused because storage did not take it.</summary>
    public void Add(string deliveryId, Exception problem)
    {
        logger.LogDebug(problem, "Delivery {DeliveryId} was not accepted because storage did not take it.", deliveryId);
        int refused;
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (!_isOut) (_since, _refused) = (now, 0);
            _isOut = true;
            _latest = now;
            refused = ++_refused;
            if (_told is { } told && now - told < BetweenLines) return;
            _told = now;
        }

        logger.LogError(
            "Storage takes no events: {Refused} deliveries are refused so far, the latest is {DeliveryId}. Jira will send them again. {Problem}",
            refused, deliveryId, FirstLine(problem));
    }

    /// <summary>A delivery was accepted.</summary>
    public void Over()
    {
        if (!_isOut) return;
        int refused;
        TimeSpan lasted;
        lock (_lock)
        {
            if (!_isOut || time.GetUtcNow() - _latest < Calm) return;
            _isOut = false;
            (refused, lasted) = (_refused, _latest - _since);
        }

        logger.LogWarning("Storage takes events again. {Refused} deliveries were refused within {Seconds:0} s.", refused, lasted.TotalSeconds);
    }

    private static string FirstLine(Exception problem)
    {
        while (problem is EventQueueUnavailableException or AggregateException && problem.InnerException is { } inner) problem = inner;
        return problem.Message.Split('\n')[0].Trim();
    }
}
