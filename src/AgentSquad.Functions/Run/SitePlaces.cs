using AgentSquad.Functions.Activities;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>A task's place among all tasks at work on its site, where the configuration limits them.</summary>
internal sealed class SitePlaces(TaskOrchestrationContext context, SquadTaskInput input)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private bool IsLimited => input.Policy.MaxParallelPerSite > 0;

    private PlaceInput Place => new(input.Run, context.InstanceId, input.Policy.MaxParallelPerSite);

    /// <summary>Takes a place, and waits for one without cost while there is none.</summary>
    public async Task TakeAsync(TaskBorder border)
    {
        for (var pause = FirstPause; IsLimited; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            if ((await border.CallAsync<PlaceCard>(nameof(PlaceActivities.TakePlace), Place)).IsTaken) return;
            using var given = new CancellationTokenSource();
            await border.WaitAsync(context.CreateTimer(pause, given.Token), given);
        }
    }

    /// <summary>Gives the place to whoever waits for one.</summary>
    public Task LeaveAsync() => IsLimited
        ? context.CallActivityAsync<PlaceCard>(nameof(PlaceActivities.LeavePlace), Place, Patience.Of(input.Policy))
        : Task.CompletedTask;
}
