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

    /// <summary>Processes one message of <c>jira-events</c>.</summary>
    [Function(nameof(ProcessJiraEvent))]
    public async Task RunAsync(
        [QueueTrigger(StorageNames.EventQueue, Connection = StorageNames.Connection)] string message,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        var read = EventMessage.Read(message);
        using var span = AgentTelemetry.StartForRun("process event", read.DeliveryId, ActivityKind.Consumer);
        span?.SetTag("agentsquad.delivery", read.DeliveryId);
        if (await queue.LoadAsync(read, context.CancellationToken) is not { } loaded)
        {
            logger.LogInformation("Delivery {DeliveryId} was processed before.", read.DeliveryId);
            return;
        }

        await ProcessAsync(loaded, WebhookParser.Parse(loaded.Body), client, context.CancellationToken);
        await queue.ForgetAsync(loaded, context.CancellationToken);
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

        var decision = EventPolicy.Decide(ticketEvent, squad.Value.ToPolicy(ticketEvent.ProjectKey), runIsOpen: false);
        if (decision.Kind == EventDecisionKind.Ignore || ticketEvent.TicketId is null)
        {
            Drop(message, ticketEvent, decision.Reason);
            return;
        }

        if (message.Identifier is { } identifier
            && await deliveries.IsOtherBodyAsync(SiteRegistry.SiteHash(site), identifier, message.DeliveryId, cancellationToken))
        {
            Drop(message, ticketEvent, "its delivery identifier came before");
            return;
        }

        var starts = decision.Kind == EventDecisionKind.Start;
        var entry = InboxEvent.Of(message.DeliveryId, starts, decision.Reason, message.ReceivedAt, ticketEvent);
        await BringAsync(client, site, SiteRegistry.InstanceId(site, ticketEvent.TicketId), entry, cancellationToken);
    }

    private async Task BringAsync(DurableTaskClient client, string site, string instanceId, InboxEvent entry, CancellationToken cancellationToken)
    {
        if (!entry.Starts && await client.GetInstanceAsync(instanceId, cancellationToken) is var run and (null or { IsCompleted: true }))
        {
            if (run is null || !entry.IsRetry)
            {
                logger.LogDebug("Delivery {DeliveryId} means nothing: no run of {InstanceId} is open.", entry.DeliveryId, instanceId);
                return;
            }

            // A run that ended can be taken up again; who asks for it is judged inside.
            entry = entry with { Starts = true };
        }

        // The row is where duplicates end, and it is written first: a crash after it finds the event pending and goes on from here.
        if (await inbox.AddAsync(instanceId, entry, cancellationToken) == InboxProgress.Handled)
        {
            logger.LogInformation("Delivery {DeliveryId} is a duplicate.", entry.DeliveryId);
            return;
        }

        await runs.DeliverAsync(client, site, instanceId, entry, cancellationToken);
        await inbox.HandledAsync(instanceId, entry.DeliveryId, cancellationToken);
    }

    private void Drop(EventMessage message, TicketEvent ticketEvent, string reason) =>
        logger.LogInformation(
            "Delivery {DeliveryId} ({Event} of ticket {TicketId}) means nothing: {Reason}.",
            message.DeliveryId, ticketEvent.Name, ticketEvent.TicketId, reason);
}
