using AgentSquad.Functions.Activities;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>
/// A task's ear for its run's orders: it holds or ends the task between two steps, and ends it in the middle of one. The event only tells it to
/// look; what counts is the order that the run has stored.
/// </summary>
internal sealed class TaskBorder(TaskOrchestrationContext context, SquadTaskInput input)
{
    private Task<object> _told = context.WaitForExternalEvent<object>(SquadTaskOrchestrator.OrderEvent);
    private RunOrder _order;

    /// <summary>Calls an activity between two borders.</summary>
    /// <param name="activity">Name of the activity.</param>
    /// <param name="request">Its input.</param>
    /// <exception cref="TaskStoppedException">The run was stopped; the activity is not waited for.</exception>
    public async Task<T> CallAsync<T>(string activity, object request)
    {
        await CrossAsync();
        using var given = new CancellationTokenSource();
        var work = context.CallActivityAsync<T>(activity, request, Patience.Of(input.Policy, given.Token));
        await WaitAsync(work, given);
        return await work;
    }

    /// <summary>Waits for work, but not beyond a stop.</summary>
    /// <param name="work">What to wait for.</param>
    /// <param name="given">Cancelled when the work is given up, so that nothing of it tries again.</param>
    /// <exception cref="TaskStoppedException">The run was stopped.</exception>
    public async Task WaitAsync(Task work, CancellationTokenSource given)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, _told);
            if (work.IsCompleted || !_told.IsCompleted) continue;
            await LookAsync();
            if (_order != RunOrder.Stop) continue;
            given.Cancel();
            throw new TaskStoppedException();
        }
    }

    private async Task CrossAsync()
    {
        while (_told.IsCompleted || _order == RunOrder.Hold)
        {
            await _told;
            await LookAsync();
        }

        if (_order == RunOrder.Stop) throw new TaskStoppedException();
    }

    private async Task LookAsync()
    {
        _told = context.WaitForExternalEvent<object>(SquadTaskOrchestrator.OrderEvent);
        _order = (await context.CallActivityAsync<OrderCard>(nameof(OrderActivities.ReadOrder), input.Run, Patience.Of(input.Policy))).Order;
    }
}

/// <summary>The run was stopped.</summary>
internal sealed class TaskStoppedException : Exception
{
    public TaskStoppedException() { }

    public TaskStoppedException(string message) : base(message) { }

    public TaskStoppedException(string message, Exception innerException) : base(message, innerException) { }
}
