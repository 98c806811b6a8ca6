using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Says once that something does not answer, and once that it does again.</summary>
internal sealed class Outage(ILogger logger, string what)
{
    private int _isOut;

    /// <summary>A request failed.</summary>
    public void Here(Exception problem)
    {
        if (Interlocked.Exchange(ref _isOut, 1) == 0) logger.LogWarning("{What} does not answer and is tried again until it does: {Problem}", what, FirstLine(problem));
    }

    /// <summary>A request succeeded.</summary>
    public void Over()
    {
        if (Volatile.Read(ref _isOut) == 1 && Interlocked.Exchange(ref _isOut, 0) == 1) logger.LogInformation("{What} answers again", what);
    }

    private static string FirstLine(Exception problem)
    {
        var cause = problem is AggregateException { InnerException: { } inner } ? inner : problem;
        return cause.Message.Split('\n')[0].Trim();
    }
}
