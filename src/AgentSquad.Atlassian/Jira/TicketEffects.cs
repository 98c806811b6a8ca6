using AgentSquad.Atlassian.Jira.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Writes whose key makes them visible once, by looking before, between and after.</summary>
internal sealed partial class TicketEffects(
    IJiraSite jira, CommentText splitter, IOptions<JiraOptions> options, TimeProvider time, ILogger<TicketEffects> logger) : ISiteEffects
{
    // A second try after an unknown outcome; more belong to the caller, who can wait longer.
    private const int Attempts = 2;

    private readonly JiraOptions _options = options.Value;

    private TimeSpan LateWriteWait => _options.LateWriteWait ?? _options.RequestTimeout;

    /// <summary>
    /// Does a write that must not happen twice. When its outcome is unknown, it is waited out first, because until then the site
    /// may still act on it, and <paramref name="find"/> looks whether it happened.
    /// </summary>
    private async Task<(T Result, bool WasUnsure)> OnceAsync<T>(
        Func<CancellationToken, Task<T>> write, Func<CancellationToken, Task<T?>> find, CancellationToken cancellationToken)
        where T : class
    {
        var wasUnsure = false;
        for (var attempt = 1; ; attempt++)
        {
            var started = time.GetTimestamp();
            try
            {
                return (await write(cancellationToken), wasUnsure);
            }
            catch (JiraException error) when (error.OutcomeUnknown)
            {
                wasUnsure = true;
                logger.LogWarning("{Message} It may have happened all the same; waiting it out before looking.", error.Message);
                await WaitOutAsync(started, cancellationToken);
                if (await find(cancellationToken) is { } found) return (found, wasUnsure);
                if (attempt >= Attempts) throw;
            }
        }
    }

    /// <summary>Does a write that is the same however often it is done; an unsure one is waited out and simply done again.</summary>
    private async Task AgainAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var started = time.GetTimestamp();
            try
            {
                await write(cancellationToken);
                return;
            }
            catch (JiraException error) when (error.OutcomeUnknown && attempt < Attempts)
            {
                await WaitOutAsync(started, cancellationToken);
            }
        }
    }

    private async Task WaitOutAsync(long started, CancellationToken cancellationToken)
    {
        var left = LateWriteWait - time.GetElapsedTime(started);
        if (left > TimeSpan.Zero) await Task.Delay(left, time, cancellationToken);
    }
}
