using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Maintenance;

/// <summary>Purges runs by age: what ended longer ago than <c>Squad__Retention__Runs</c> leaves the task hub, with the blobs of its steps.</summary>
internal sealed class Retention(ArtifactStore artifacts, IOptions<SquadOptions> options, TimeProvider time, ILogger<Retention> logger)
{
    // A night's work at most; what is left waits for the next night.
    private const int LargestPurge = 10_000;

    /// <summary>Purges once a night. Open runs are never touched, however old they are.</summary>
    [Function(nameof(PurgeRuns))]
    public async Task PurgeRuns([TimerTrigger("0 47 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        var keep = options.Value.Retention.Runs;
        if (keep == TimeSpan.Zero) return;
        var before = time.GetUtcNow() - keep;
        var purged = 0;
        foreach (var instanceId in await EndedBeforeAsync(client, before, context.CancellationToken))
        {
            var result = await client.PurgeInstanceAsync(instanceId, context.CancellationToken);
            if (result.PurgedInstanceCount == 0) continue;
            purged++;
            await artifacts.PurgeAsync(instanceId, before, context.CancellationToken);
        }

        logger.LogInformation("Purged {Runs} runs and their tasks that ended before {Before:u}.", purged, before);
    }

    // Collected before the first is purged, so that purging does not move the pages of the query.
    private static async Task<IReadOnlyList<string>> EndedBeforeAsync(DurableTaskClient client, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var query = new OrchestrationQuery
        {
            CreatedTo = before,
            Statuses = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated],
        };
        var found = new List<string>();
        await foreach (var run in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            // Created long ago says nothing about when it ended.
            if (run.LastUpdatedAt < before) found.Add(run.InstanceId);
            if (found.Count == LargestPurge) break;
        }

        return found;
    }
}
