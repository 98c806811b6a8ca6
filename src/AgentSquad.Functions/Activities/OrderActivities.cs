using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.Functions.Activities;

/// <summary>A run's orders to its tasks and agents. They are kept where only the app writes, so raising an event by hand orders nothing.</summary>
internal sealed class OrderActivities(ArtifactStore artifacts, AgentCalls calls)
{
    /// <summary>Stores an order; a stop cancels the agents of this process at once, and those of others within moments.</summary>
    [Function(nameof(GiveOrder))]
    public Task<OrderCard> GiveOrder([ActivityTrigger] OrderInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var card = new OrderCard(input.Order);
        await artifacts.SaveAsync(input.Run.InstanceId, AgentCalls.OrderKey(input.Run), card, context.CancellationToken);
        if (input.Order == RunOrder.Stop) calls.Cancel(input.Run);
        return card;
    });

    /// <summary>The order that holds.</summary>
    [Function(nameof(ReadOrder))]
    public Task<OrderCard> ReadOrder([ActivityTrigger] RunRef run, FunctionContext context) => Steps.RunAsync(async () =>
        await artifacts.FindAsync<OrderCard>(run.InstanceId, AgentCalls.OrderKey(run), context.CancellationToken) ?? new OrderCard(RunOrder.GoOn));
}
