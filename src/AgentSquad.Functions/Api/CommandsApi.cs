using System.Net;
using System.Text.Json;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Webhook;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Api;

/// <summary>Commands of operators, who have a function key; people give theirs on the ticket.</summary>
internal sealed class CommandsApi(
    TicketLocator tickets, IInbox inbox, RunStarter runs, TimeProvider time, IOptions<SquadOptions> options, ILogger<CommandsApi> logger)
{
    private const int LargestBody = 16 * 1024;
    private const int LongestName = 80;
    private const string KeyNameClaim = "http://schemas.microsoft.com/2017/07/functions/claims/keyid";

    /// <summary>
    /// POST api/tickets/{key}/commands/{command}, with an optional body <c>{"reason":"..","by":"..","amount":2.00}</c>: 202 when the run will hear of it; 403
    /// when operators may not give it; 404 without a run; 409 when it does not fit where the run stands.
    /// </summary>
    [Function(nameof(PostCommand))]
    public async Task<HttpResponseData> PostCommand(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "tickets/{key}/commands/{command}")] HttpRequestData request,
        string key,
        string command,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        if (!Enum.TryParse<CommandKind>(command, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || kind.ToString().Length != command.Length)
        {
            return await request.ErrorAsync(HttpStatusCode.BadRequest, $"There is no such command. Known are {string.Join(", ", Enum.GetNames<CommandKind>()).ToLowerInvariant()}.");
        }

        if (await ReadAsync(request, context.CancellationToken) is not { } body)
        {
            return await request.ErrorAsync(HttpStatusCode.BadRequest, "The body must be a small JSON object with reason, by and amount, or empty.");
        }

        if (kind == CommandKind.Revise && string.IsNullOrWhiteSpace(body.Reason))
        {
            return await request.ErrorAsync(HttpStatusCode.BadRequest, "revise needs a reason: {\"reason\":\"..\"}.");
        }

        if (kind == CommandKind.Extend && body.Amount is not > 0)
        {
            return await request.ErrorAsync(HttpStatusCode.BadRequest, "extend needs an amount greater than zero: {\"amount\":2.00}.");
        }

        var instanceId = await tickets.InstanceIdAsync(key, context.CancellationToken);
        var run = instanceId is null ? null : await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, context.CancellationToken);
        if (run is null) return await request.ErrorAsync(HttpStatusCode.NotFound, "The squad has no run for this ticket.");
        var verdict = options.Value.ToCommandPolicy().JudgeOperator(kind);
        if (!verdict.IsGranted) return await request.ErrorAsync(HttpStatusCode.Forbidden, $"The command was not done: {verdict.Reason}.");
        var status = TicketItem.StatusOf(run);
        if (!FitsTheRun(kind, status, run))
        {
            return await request.ErrorAsync(HttpStatusCode.Conflict, $"The command does nothing while the run is in the stage {status.Stage}.");
        }

        var by = $"an operator with the key {KeyNameOf(request)}{(string.IsNullOrWhiteSpace(body.By) ? "" : $" ({body.By})")}";
        await DeliverAsync(client, run.InstanceId, status, new OperatorCommand(kind, body.Reason, by) { Amount = body.Amount }, context.CancellationToken);
        logger.LogInformation("Command {Command} for {TicketKey} by {By}, over HTTP.", kind, status.Ticket, by);
        return await request.JsonAsync(HttpStatusCode.Accepted, new { ticket = status.Ticket, instanceId = run.InstanceId, command = command.ToLowerInvariant() });
    }

    // Whether the run is paused only the run knows; it passes over what does not fit.
    private static bool FitsTheRun(CommandKind kind, Core.Squad.SquadRunStatus status, OrchestrationMetadata run) =>
        Enum.TryParse<Core.Squad.RunStage>(status.Stage, out var stage)
        && (kind is CommandKind.Approve or CommandKind.Revise && !run.IsCompleted
            || CommandPolicy.Fits(kind, stage, isPaused: kind == CommandKind.Resume, hasEnded: run.IsCompleted));

    private async Task DeliverAsync(
        DurableTaskClient client, string instanceId, Core.Squad.SquadRunStatus status, OperatorCommand command, CancellationToken cancellationToken)
    {
        var entry = new InboxEvent(
            Guid.NewGuid().ToString("N"), command.Command is CommandKind.Start or CommandKind.Retry, $"{command.Command} by {command.By}", time.GetUtcNow(),
            new TicketEvent { Kind = TicketEventKind.Other, Name = "operator", Site = status.Site, TicketId = status.IssueId, TicketKey = status.Ticket },
            command);
        await inbox.AddAsync(instanceId, entry, cancellationToken);
        await runs.DeliverAsync(client, status.Site, instanceId, entry, cancellationToken);
        await inbox.HandledAsync(instanceId, entry.DeliveryId, cancellationToken);
    }

    // The host says which of its keys opened the door; the key itself stays with it.
    private static string KeyNameOf(HttpRequestData request) => request.Identities
        .SelectMany(identity => identity.Claims)
        .FirstOrDefault(claim => claim.Type == KeyNameClaim)?.Value is { Length: > 0 } name ? name : "of unknown name";

    private static async Task<CommandBody?> ReadAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request.Body, LargestBody, cancellationToken) is not { } body) return null;
        if (body.IsEmpty) return new CommandBody(null, null, null);
        try
        {
            var read = JsonSerializer.Deserialize<CommandBody>(body.Span, SquadJson.Options);
            return read is null || read.By?.Length > LongestName ? null : read;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="Reason">For <c>revise</c>.</param>
    /// <param name="By">Who sends it, for the record.</param>
    /// <param name="Amount">For <c>extend</c>.</param>
    private sealed record CommandBody(string? Reason, string? By, decimal? Amount);
}
