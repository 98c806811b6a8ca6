using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.Functions.Activities;

/// <summary>Places of tasks on a site.</summary>
internal sealed class PlaceActivities(SitePlaceTable places)
{
    /// <summary>Takes a place if one is free.</summary>
    [Function(nameof(TakePlace))]
    public Task<PlaceCard> TakePlace([ActivityTrigger] PlaceInput input, FunctionContext context) => Steps.RunAsync(async () =>
        new PlaceCard(await places.TryTakeAsync(SiteOf(input.Run), input.Holder, input.Limit, context.CancellationToken)));

    /// <summary>Leaves it.</summary>
    [Function(nameof(LeavePlace))]
    public Task<PlaceCard> LeavePlace([ActivityTrigger] PlaceInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        await places.LeaveAsync(SiteOf(input.Run), input.Holder, context.CancellationToken);
        return new PlaceCard(IsTaken: false);
    });

    // jira-{site}-{issue}
    private static string SiteOf(RunRef run) => run.InstanceId[..run.InstanceId.LastIndexOf('-')];
}
