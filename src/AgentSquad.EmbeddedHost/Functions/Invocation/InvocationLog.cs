using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>The log line of a failed invocation.</summary>
internal static class InvocationLog
{
    /// <summary>One line with function, invocation and instance; a cancelled invocation is no error.</summary>
    public static void LogFailure(
        this ILogger logger, string function, string invocationId, string? instanceId, Exception problem, bool isCancelled)
    {
        if (isCancelled && problem is OperationCanceledException)
        {
            logger.LogInformation("Executed {Function} (Cancelled, Id={InvocationId})", function, invocationId);
        }
        else if (instanceId is null)
        {
            logger.LogError(problem, "Executed {Function} (Failed, Id={InvocationId})", function, invocationId);
        }
        else
        {
            logger.LogError(problem, "Executed {Function} (Failed, Id={InvocationId}, InstanceId={InstanceId})", function, invocationId, instanceId);
        }
    }
}
