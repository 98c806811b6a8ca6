using AgentSquad.Core.Squad;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Telemetry;
using Azure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Maintenance;

/// <summary>Says every five minutes, in one line, what operators have to know. The alerts of <c>infra/modules/alerts.bicep</c> read that line.</summary>
internal sealed class Watch(StorageAccount account, TimeProvider time, ILogger<Watch> logger)
{
    /// <summary>First word of the line; the alerts find it by that.</summary>
    internal const string Line =
        "Watch: poison {Poison}, queued {Queued}, failed {Failed} in the last hour, open {Open}, oldest open {OldestHours} hours";

    private static readonly TimeSpan Recently = TimeSpan.FromHours(1);

    /// <summary>Looks and says: a warning when an event is poisoned or a run has failed within the hour, otherwise information.</summary>
    [Function(nameof(WatchRuns))]
    public async Task WatchRuns([TimerTrigger("30 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        var now = time.GetUtcNow();
        var poison = await CountAsync(StorageNames.EventQueue + "-poison", context.CancellationToken);
        var queued = await CountAsync(StorageNames.EventQueue, context.CancellationToken);
        var (failed, oldest) = (0, now);
        var open = new List<string>();
        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = "jira-",
            // The stage is in the custom status, which comes with inputs and outputs on some hosts, and only then.
            FetchInputsAndOutputs = true,
            Statuses =
            [
                OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
                OrchestrationRuntimeStatus.Failed,
            ],
        };
        await foreach (var run in client.GetAllInstancesAsync(query).WithCancellation(context.CancellationToken))
        {
            if (run.RuntimeStatus == OrchestrationRuntimeStatus.Failed)
            {
                if (run.LastUpdatedAt > now - Recently) failed++;
                continue;
            }

            open.Add(StatusJson.Read(run.SerializedCustomStatus)?.Stage ?? StageNames.Of(RunStage.Triage));
            if (run.CreatedAt < oldest) oldest = run.CreatedAt;
        }

        RunTelemetry.CountOpen(open);
        var level = poison > 0 || failed > 0 ? LogLevel.Warning : LogLevel.Information;
#pragma warning disable CA2254 // The template is the constant above; the alerts rely on its words.
        logger.Log(level, Line, poison, queued, failed, open.Count, (int)(now - oldest).TotalHours);
#pragma warning restore CA2254
    }

    private async Task<int> CountAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await account.Queue(name).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.ErrorCode == "QueueNotFound")
        {
            return 0;
        }
    }
}
