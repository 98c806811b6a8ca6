using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Maintenance;

/// <summary>What has to be done now and then.</summary>
internal sealed class Housekeeping(
    IInbox inbox, IDeliveryLog deliveries, CommentActivities comments, ArtifactStore artifacts, TimeProvider time, ILogger<Housekeeping> logger)
{
    // Older events are refused as stale, so nothing has to be remembered about them; the second day is a margin.
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(48);
    private const string Corrected = "corrected";

    /// <summary>Forgets deliveries that cannot come again.</summary>
    [Function(nameof(ForgetDeliveries))]
    public async Task ForgetDeliveries([TimerTrigger("0 17 3 * * *")] TimerInfo timer, FunctionContext context)
    {
        var before = time.GetUtcNow() - Remembered;
        var events = await inbox.PurgeAsync(before, context.CancellationToken);
        var identifiers = await deliveries.PurgeAsync(before, context.CancellationToken);
        logger.LogInformation("Forgot {Events} events and {Identifiers} delivery identifiers.", events, identifiers);
    }

    /// <summary>
    /// Corrects the status comment of runs that were ended from outside, or could not write their own end, so that no ticket claims work that nobody
    /// does.
    /// </summary>
    [Function(nameof(CorrectStatusComments))]
    public async Task CorrectStatusComments(
        [TimerTrigger("0 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, FunctionContext context)
    {
        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = "jira-",
            FetchInputsAndOutputs = true,
            Statuses = [OrchestrationRuntimeStatus.Terminated, OrchestrationRuntimeStatus.Failed],
        };
        await foreach (var run in client.GetAllInstancesAsync(query))
        {
            if (run.Name == nameof(TicketOrchestrator)) await CorrectAsync(run, context);
        }
    }

    private async Task CorrectAsync(OrchestrationMetadata run, FunctionContext context)
    {
        if (StatusJson.Read(run.SerializedCustomStatus) is not { } status || StateOf(run) is not { } state) return;
        if (StageNames.Parse(status.Stage) is RunStage.Failed or RunStage.Stopped && !status.IsUnwritten) return;
        // The input of a retry is not the run that it went on with, and the comments are that run's.
        var reference = new RunRef(run.InstanceId, status.RunId ?? state.RunId, state.IssueId);
        var marker = reference.Key($"{Corrected}/{run.CreatedAt.UtcTicks}");
        if (await artifacts.FindAsync<SquadRunStatus>(run.InstanceId, marker, context.CancellationToken) is not null) return;
        var corrected = status.IsUnwritten ? status with { IsUnwritten = false } : Ended(status, run.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        try
        {
            await comments.PublishStatus(new StatusInput(reference, corrected, status.CommentId, Waiting: null), context);
        }
        catch (Exception e) when (e is TransientStepException or PermanentStepException)
        {
            // A token is renewed and a right is given back some day; until then the ticket claims what is not so.
            logger.LogWarning(e, "The status comment of {InstanceId} could not be corrected; the next look tries again.", run.InstanceId);
            return;
        }
        catch (TicketGoneException e)
        {
            logger.LogWarning(e, "The status comment of {InstanceId} is gone with its ticket.", run.InstanceId);
        }

        await artifacts.SaveAsync(run.InstanceId, marker, corrected, context.CancellationToken);
    }

    private static SquadRunStatus Ended(SquadRunStatus status, bool isTerminated)
    {
        var stage = StageNames.Of(isTerminated ? RunStage.Stopped : RunStage.Failed);
        return status with
        {
            Stage = stage,
            Stages = [.. status.Stages, stage],
            Detail = isTerminated ? "An operator ended the run." : "The run ended without a word of its own. The log of the function app has more.",
        };
    }

    private static TicketRunState? StateOf(OrchestrationMetadata run)
    {
        try
        {
            return run.SerializedInput is { } input ? System.Text.Json.JsonSerializer.Deserialize<TicketRunState>(input, SquadJson.Options) : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
