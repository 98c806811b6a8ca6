using Azure;
using Azure.Storage.Queues;

namespace AgentSquad.Bench.World;

/// <summary>The app's queues from outside.</summary>
internal static class Queues
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Messages on a queue, about; 0 when there is none.</summary>
    public static async Task<int> CountAsync(LocalWorld world, string name)
    {
        try
        {
            return (await new QueueClient(world.Azurite.ConnectionString, name).GetPropertiesAsync()).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>Events that the app gave up on.</summary>
    public static Task<int> PoisonedAsync(LocalWorld world) => CountAsync(world, "jira-events-poison");

    /// <summary>Waits until the intake queue is empty.</summary>
    /// <returns>Whether it was in time.</returns>
    public static async Task<bool> DrainAsync(LocalWorld world, TimeSpan patience, CancellationToken cancellation)
    {
        var until = DateTimeOffset.UtcNow + patience;
        while (await CountAsync(world, "jira-events") > 0)
        {
            if (DateTimeOffset.UtcNow > until) return false;
            await Task.Delay(Pause, cancellation);
        }

        return true;
    }
}
