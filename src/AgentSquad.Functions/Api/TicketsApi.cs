using System.Globalization;
using System.Net;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Run;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace AgentSquad.Functions.Api;

/// <summary>What tools ask about runs. Needs a function key.</summary>
internal sealed class TicketsApi(TicketLocator tickets, TicketCosts costs)
{
    /// <summary>Header that carries the token of the next page, in answers and in requests.</summary>
    public const string ContinuationHeader = "x-ms-continuation-token";

    private const string Prefix = "jira-";
    private const int LargestPage = 500;
    private const int DefaultPage = 100;

    /// <summary>
    /// GET api/tickets: an array of runs, a page of at most <c>?pageSize=</c> (100). While there is more, the answer carries
    /// <see cref="ContinuationHeader"/>; send it back for the next page.
    /// </summary>
    [Function(nameof(ListTickets))]
    public static async Task<HttpResponseData> ListTickets(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "tickets")] HttpRequestData request, [DurableClient] DurableTaskClient client)
    {
        var size = int.TryParse(request.Query["pageSize"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultPage;
        if (size is < 1 or > LargestPage)
        {
            return await request.ErrorAsync(HttpStatusCode.BadRequest, $"pageSize must be a number from 1 to {LargestPage}.");
        }

        var token = request.Headers.TryGetValues(ContinuationHeader, out var values) ? values.FirstOrDefault() : null;
        var query = new OrchestrationQuery
        {
            // Custom statuses come with inputs and outputs on some hosts, and only then.
            InstanceIdPrefix = Prefix, PageSize = size, FetchInputsAndOutputs = true, ContinuationToken = token,
        };
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(token, size))
        {
            var response = await request.JsonAsync(HttpStatusCode.OK, page.Values.Where(IsRun).Select(TicketItem.Of));
            if (!string.IsNullOrEmpty(page.ContinuationToken)) response.Headers.TryAddWithoutValidation(ContinuationHeader, page.ContinuationToken);
            return response;
        }

        return await request.JsonAsync(HttpStatusCode.OK, Array.Empty<TicketItem>());
    }

    /// <summary>GET api/tickets/{key}: a ticket's run by the ticket's key or id.</summary>
    [Function(nameof(GetTicket))]
    public async Task<HttpResponseData> GetTicket(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "tickets/{key}")] HttpRequestData request,
        string key,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        var instanceId = await tickets.InstanceIdAsync(key, context.CancellationToken);
        var run = instanceId is null ? null : await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, context.CancellationToken);
        return run is null
            ? await request.ErrorAsync(HttpStatusCode.NotFound, "The squad has no run for this ticket.")
            : await request.JsonAsync(HttpStatusCode.OK, TicketDetail.Of(run, await costs.ReadAsync(run.InstanceId, context.CancellationToken)));
    }

    private static bool IsRun(OrchestrationMetadata run) => run.Name == nameof(TicketOrchestrator);
}
