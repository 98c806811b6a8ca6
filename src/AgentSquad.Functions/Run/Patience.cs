using AgentSquad.Functions.Telemetry;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>How long steps are tried again. Durable: the waiting costs nothing and survives restarts.</summary>
internal static class Patience
{
    // A bug does not go away by itself, a lost connection to storage does.
    private const int UnexpectedAttempts = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Options for an activity: an outage is sat out for <see cref="RunPolicy.OutagePatience"/> with growing pauses of up to 5 minutes, what
    /// nobody foresaw is tried five times, what only a person can change is not tried again.
    /// </summary>
    /// <param name="policy">The run's settings.</param>
    /// <param name="given">Cancelled when nobody wants the result any more: the activity is not tried again then.</param>
    public static TaskOptions Of(RunPolicy policy, CancellationToken given = default) => TaskOptions.FromRetryHandler(async retry =>
    {
        var failure = StepFailures.KindOf(retry.LastFailure);
        var again = failure switch
        {
            StepFailure.Transient => retry.TotalRetryTime < policy.OutagePatience,
            StepFailure.Unexpected => retry.LastAttemptNumber < UnexpectedAttempts,
            _ => false,
        };
        if (!again) return false;
        RunTelemetry.Retried(retry.OrchestrationContext, failure);
        return await PauseAsync(retry, given);
    });

    private static async Task<bool> PauseAsync(RetryContext retry, CancellationToken given)
    {
        try
        {
            await retry.OrchestrationContext.CreateTimer(Pause(retry.LastAttemptNumber), given);
            return !given.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The pause after an attempt: 1 s, 2 s, 4 s, up to 5 minutes.</summary>
    /// <param name="attempt">Number of the attempt that failed, from 1.</param>
    internal static TimeSpan Pause(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, Math.Clamp(attempt - 1, 0, 20));
        return pause < LongestPause ? pause : LongestPause;
    }
}
