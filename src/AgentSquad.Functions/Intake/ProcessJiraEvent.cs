using System.Diagnostics;
using AgentSquad.Agents;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Policies;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Webhook;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Intake;

/// <summary>
/// Takes accepted events from the queue and brings each to its run, once. Makes no Jira call, so that a message never fails because of
/// someone's outage: what ends on <c>jira-events-poison</c> is a bug of this app.
/// </summary>
internal sealed class ProcessJiraEvent(
    IEventQueue queue,
    IDeliveryLog deliveries,
    IInbox inbox,
    RunStarter runs,
    SiteRegistry sites,
    IOptions<SquadOptions> squad,
    ILogger<ProcessJiraEvent> logger)
{
    // Far longer than Jira's half hour of retries; what is older was held back by someone.
    private static readonly TimeSpan Stale = TimeSpan.FromHours(24);

    // Events of one message; most of them mean nothing and take no time.
    private const int AtOnce = 4;

    /// <summary>Processes one message of <c>jira-events</c>, which holds one event or several.</summary>
    [Function(nameof(ProcessJiraEvent))]
    public async Task RunAsync(
        [QueueTrigger(StorageNames.EventQueue, Connection = StorageNames.Connection)] string message,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        var events = EventMessage.ReadAll(message);
        if (events.Count == 1)
        {
            await ProcessAsync(events[0], client, context.CancellationToken);
            return;
        }

        await Parallel.ForEachAsync(
            events,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = context.CancellationToken },
            async (each, cancellationToken) => await ProcessPackedAsync(each, client, cancellationToken));
    }

    // One that fails must not have the others of its message tried again, nor take them along to the poison queue: it goes on alone.
    private async Task ProcessPackedAsync(EventMessage message, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await ProcessAsync(message, client, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, the event's own message has the attempts that are left to it.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "Delivery {DeliveryId} failed and is tried again.", message.DeliveryId);
            await queue.ReturnAsync(message, cancellationToken);
        }
    }

    private async Task ProcessAsync(EventMessage read, DurableTaskClient client, CancellationToken cancellationToken)
    {
        using var span = AgentTelemetry.StartForRun("process event", read.DeliveryId, ActivityKind.Consumer);
        span?.SetTag("agentsquad.delivery", read.DeliveryId);
        if (await queue.LoadAsync(read, cancellationToken) is not { } loaded)
        {
            logger.LogInformation("Delivery {DeliveryId} was processed before.", read.DeliveryId);
            return;
        }

        await ProcessAsync(loaded, WebhookParser.Parse(loaded.Body), client, cancellationToken);
        await queue.ForgetAsync(loaded, cancellationToken);
    }

    private async Task ProcessAsync(EventMessage message, TicketEvent ticketEvent, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (sites.Find(ticketEvent.Site) is not { } site)
        {
            Drop(message, ticketEvent, "it comes from a site that is not configured in Jira__BaseUrl");
            return;
        }

        if (ticketEvent.Timestamp is { } happened && message.ReceivedAt - happened > Stale)
        {
            Drop(message, ticketEvent, "it is older than 24 hours");
            return;
        }

        var policy = squad.Value.ToPolicy(ticketEvent.ProjectKey);
        var decision = EventPolicy.Decide(ticketEvent, policy, runIsOpen: false);
        if (decision.Kind == EventDecisionKind.Ignore || ticketEvent.TicketId is null)
        {
            Drop(message, ticketEvent, decision.Reason);
            return;
        }

        var starts = decision.Kind == EventDecisionKind.Start;
        var entry = InboxEvent.Of(message.DeliveryId, starts, decision.Reason, message.ReceivedAt, ticketEvent) with
        {
            IsByLabel = starts && EventPolicy.IsByLabel(ticketEvent, policy),
        };
        var instanceId = SiteRegistry.InstanceId(site, ticketEvent.TicketId);

        // Before anything is written: most events of a site are about tickets that the squad has nothing to do with.
        if (!starts && await client.GetInstanceAsync(instanceId, cancellationToken) is var run and (null or { IsCompleted: true }))
        {
            if (run is null || !entry.IsRetry)
            {
                Drop(message, ticketEvent, "no run of the ticket is open");
                return;
            }

            // A run that ended can be taken up again; who asks for it is judged inside.
            entry = entry with { Starts = true };
        }

        if (message.Identifier is { } identifier
            && await deliveries.IsOtherBodyAsync(SiteRegistry.SiteHash(site), identifier, message.DeliveryId, cancellationToken))
        {
            Drop(message, ticketEvent, "its delivery identifier came before");
            return;
        }

        await BringAsync(client, site, instanceId, message.DeliveryId, entry, cancellationToken);
    }

    private async Task BringAsync(
        DurableTaskClient client, string site, string instanceId, string deliveryId, InboxEvent entry, CancellationToken cancellationToken)
    {
        // The row is where duplicates end, and it is written first: a crash after it finds the event pending and goes on from here.
        if (await inbox.AddAsync(instanceId, entry, cancellationToken) == InboxProgress.Handled)
        {
            logger.LogInformation("Delivery {DeliveryId} is a duplicate: the inbox has {EventId}.", deliveryId, entry.DeliveryId);
            return;
        }

        await runs.DeliverAsync(client, site, instanceId, entry, cancellationToken);
        await inbox.HandledAsync(instanceId, entry.DeliveryId, cancellationToken);

        // Whoever looks for a delivery in the inbox does not find it there by its own id.
        if (entry.DeliveryId != deliveryId) logger.LogInformation("Delivery {DeliveryId} was processed: the inbox has it as {EventId}.", deliveryId, entry.DeliveryId);
    }

    private void Drop(EventMessage message, TicketEvent ticketEvent, string reason) =>
        logger.LogInformation(
            "Delivery {DeliveryId} ({Event} of ticket {TicketId}) means nothing: {Reason}.",
            message.DeliveryId, ticketEvent.Name, ticketEvent.TicketId, reason);
}
