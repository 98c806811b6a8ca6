using AgentSquad.Functions.Run;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Functions.Intake;

/// <summary>Brings an event from the inbox to its run: starts one, or wakes the open one.</summary>
internal sealed class RunStarter(IInbox inbox, TimeProvider time, ILogger<RunStarter> logger)
{
    /// <summary>Name of the event that tells a run to read its inbox.</summary>
    public const string WakeEvent = "wake";

    // A run that has closed its inbox ends within moments; twenty quarters of a second are enough, and the queue tries again otherwise.
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Starts a run for an event that is in the inbox, or tells the open run. May be repeated.</summary>
    /// <exception cref="InvalidOperationException">The run neither ended nor could be told; the caller should try again later.</exception>
    public async Task DeliverAsync(DurableTaskClient client, string site, string instanceId, InboxEvent entry, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await TryDeliverAsync(client, site, instanceId, entry, cancellationToken)) return;
            await Task.Delay(Pause, time, cancellationToken);
            if (await inbox.ProgressAsync(instanceId, entry.DeliveryId, cancellationToken) == InboxProgress.Handled) return;
        }

        throw new InvalidOperationException($"The run {instanceId} could neither be started nor told about delivery {entry.DeliveryId}.");
    }

    private async Task<bool> TryDeliverAsync(
        DurableTaskClient client, string site, string instanceId, InboxEvent entry, CancellationToken cancellationToken)
    {
        var run = await client.GetInstanceAsync(instanceId, cancellationToken);
        if (run is null or { IsCompleted: true })
        {
            return !entry.Continues || await TryStartAsync(client, site, instanceId, entry, cancellationToken);
        }

        // The run has read its inbox for the last time and is about to end; the event belongs to the next one.
        if (entry.Continues && await inbox.IsClosedAsync(instanceId, cancellationToken)) return false;

        // An operator's command claims nothing: no queue delivers it again when this process dies before the wake.
        if (entry.Operator is not null || await inbox.ClaimWakeAsync(instanceId, entry.DeliveryId, cancellationToken))
        {
            await client.RaiseEventAsync(instanceId, WakeEvent, cancellationToken);
        }

        return true;
    }

    private async Task<bool> TryStartAsync(
        DurableTaskClient client, string site, string instanceId, InboxEvent entry, CancellationToken cancellationToken)
    {
        var input = TicketRunState.Start(entry, site);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(TicketOrchestrator), input, new StartOrchestrationOptions(instanceId), cancellationToken);
            logger.LogInformation("Started run {InstanceId} for {TicketKey}: {Reason}.", instanceId, entry.Event.TicketKey, entry.Reason);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Another copy of the event may have been faster; the next look tells. If not, the last attempt's message has to name the cause.
            logger.LogWarning(e, "Run {InstanceId} was not started.", instanceId);
            return false;
        }
    }
}
