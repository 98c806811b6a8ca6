using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>Calls a durable task again as its retry options say; waits are durable timers.</summary>
internal static class RetryLoop
{
    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions retry, Func<Task<T>> call)
    {
        var start = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failure) when (!Failures.IsFinal(failure.FailureDetails))
            {
                if (retry.Policy is { } policy)
                {
                    if (NextDelay(policy, attempt, context.CurrentUtcDateTime - start, failure) is not { } delay) throw;
                    await context.CreateTimer(delay, CancellationToken.None);
                }
                else if (!await retry.Handler!(new RetryContext(
                    context, attempt, failure.FailureDetails, context.CurrentUtcDateTime - start, CancellationToken.None)))
                {
                    throw;
                }
            }
        }
    }

    private static TimeSpan? NextDelay(RetryPolicy policy, int attempt, TimeSpan elapsed, TaskFailedException failure)
    {
        if (attempt >= policy.MaxNumberOfAttempts || !policy.Handle(failure)) return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout) return null;

        var delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        return delay < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(delay) : longest;
    }
}
