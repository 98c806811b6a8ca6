using System.Net.Sockets;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Run;
using Azure;

namespace AgentSquad.Functions.Activities;

/// <summary>Turns what an activity may run into failures that an orchestration can tell apart.</summary>
internal static class Steps
{
    /// <summary>Runs an activity's work.</summary>
    /// <exception cref="TransientStepException">It may pass by itself.</exception>
    /// <exception cref="PermanentStepException">Only a person can change it.</exception>
    /// <exception cref="BudgetStepException">A budget does not allow it.</exception>
    /// <exception cref="TicketGoneException">The ticket is gone.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (JiraException e)
        {
            throw Of(e);
        }
        catch (AgentException e)
        {
            if (e.NeedsBudget) throw new BudgetStepException(e.Message, e);
            throw e.IsTransient ? new TransientStepException(e.Message, e) : new PermanentStepException(e.Message, e);
        }
        catch (Exception e) when (IsOutage(e))
        {
            // The messages of these may hold addresses with keys; the cause stays in the log.
            throw new TransientStepException("A service that the squad needs did not answer.", e);
        }
    }

    private static bool IsOutage(Exception exception) => exception switch
    {
        // What Azure's clients throw after their own retries: one cause per try. A time-out is a cancellation there, and nobody else cancels a try.
        AggregateException { InnerExceptions: { Count: > 0 } tries } => tries.All(one => one is OperationCanceledException || IsOutage(one)),
        TaskCanceledException { InnerException: TimeoutException } => true,
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } => true,
        _ => exception is HttpRequestException or SocketException or TimeoutException or IOException,
    };

    private static Exception Of(JiraException exception) => exception switch
    {
        { IsTransient: true } => new TransientStepException(exception.Message, exception),
        { IsMissing: true } => new TicketGoneException(exception.Message, exception),
        _ => new PermanentStepException(exception.Message, exception),
    };
}
