using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>Runs HTTP, queue and timer functions: on the functions' own threads, with a time-out, one log line for a failure.</summary>
internal sealed class FunctionRunner(
    FunctionExecutor executor, FunctionThreads threads, IServiceScopeFactory scopes, HostSettings settings, ILoggerFactory loggers, TimeProvider time)
{
    // A function that heeds its token ends within this, and with its own outcome.
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(5);

    /// <summary>Runs a function; throws what it throws, or <see cref="FunctionTimeoutException"/>.</summary>
    /// <param name="function">The function.</param>
    /// <param name="trigger">What the trigger hands over.</param>
    /// <param name="prepare">Adds features before the invocation starts.</param>
    /// <param name="cancellationToken">Cancels the function; its end is awaited.</param>
    public async Task<object?> RunAsync(
        FunctionDescriptor function, TriggerValue trigger, Action<InvocationContext>? prepare, CancellationToken cancellationToken)
    {
        using var timeout = settings.FunctionTimeout is { } limit ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var context = new InvocationContext(function, trigger, scopes, cancel.Token);
        prepare?.Invoke(context);
        var logger = loggers.CreateLogger(function.LogCategory);
        logger.LogDebug("Executing {Function} (Id={InvocationId})", function.Name, context.InvocationId);
        try
        {
            var work = threads.Run(() => RunAsync(context));
            var result = settings.FunctionTimeout is { } hard ? await work.WaitAsync(hard + CancelGrace, time, CancellationToken.None) : await work;
            logger.LogDebug("Executed {Function} (Succeeded, Id={InvocationId})", function.Name, context.InvocationId);
            return result;
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(
                "Executed {Function} (Failed, Id={InvocationId}): it did not end within functionTimeout of {Timeout}; its result is dropped",
                function.Name, context.InvocationId, settings.FunctionTimeout);
            throw new FunctionTimeoutException($"Function '{function.Name}' did not end within functionTimeout of {settings.FunctionTimeout}.");
        }
        catch (Exception problem)
        {
            if (problem is OperationCanceledException && cancellationToken.IsCancellationRequested)
                logger.LogInformation("Executed {Function} (Cancelled, Id={InvocationId})", function.Name, context.InvocationId);
            else
                logger.LogError(problem, "Executed {Function} (Failed, Id={InvocationId})", function.Name, context.InvocationId);
            throw;
        }
    }

    private async Task<object?> RunAsync(InvocationContext context)
    {
        await using (context) return await executor.ExecuteAsync(context);
    }
}
