using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>What the management endpoints say of one instance.</summary>
internal sealed class InstanceAnswers(TaskHubHost hub)
{
    private const string StatusRetryAfter = "5";
    private const string StartRetryAfter = "10";

    /// <summary>How long a start waits for the end: both <c>timeout</c> and <c>pollingInterval</c>, in seconds, or not at all.</summary>
    public static TimeSpan? Patience(ManagementQuery query)
    {
        if (query.Seconds("timeout") is not { } timeout || query.Seconds("pollingInterval") is not { } interval) return null;
        if (interval > timeout)
        {
            throw new ManagementException(
                StatusCodes.Status400BadRequest,
                $"Total timeout {timeout.TotalSeconds} should be bigger than retry timeout {interval.TotalSeconds}.");
        }

        return timeout;
    }

    /// <summary>
    /// The answer to a start: the output if the instance completes in time, its status if it fails in time, else where to ask for it. Nothing is
    /// polled, since the engine tells of the end: the interval only says that the caller wants to wait.
    /// </summary>
    public async Task WriteStartedAsync(HttpContext http, string instanceId, TimeSpan? patience)
    {
        if (patience is { } limit)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            waiting.CancelAfter(limit);
            try
            {
                var end = await hub.ClientFor(null).WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, waiting.Token);
                if (end.RuntimeStatus == OrchestrationRuntimeStatus.Completed)
                    await ManagementJson.WriteAsync(http, StatusCodes.Status200OK, ManagementJson.Payload(end.SerializedOutput));
                else
                    await WriteStatusAsync(http, end);
                return;
            }
            catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
            {
                // It takes longer: the caller asks again.
            }
        }

        await WriteCheckStatusAsync(http, instanceId);
    }

    /// <summary>The answer to who asks for an instance: 200 when it has ended, 202 with the address to ask again while it has not.</summary>
    public async Task WriteStatusAsync(HttpContext http, OrchestrationMetadata status)
    {
        var instanceId = status.InstanceId;
        var query = new ManagementQuery(http.Request.Query);
        var (showHistory, showOutput, showInput) = (query.Flag("showHistory", false), query.Flag("showHistoryOutput", false), query.Flag("showInput", true));
        var fails = query.Flag("returnInternalServerErrorOnFailure", false);
        var body = InstanceJson.Of(status, showInput);
        body["historyEvents"] = null;
        if (showHistory)
        {
            var events = await hub.Engine.GetHistoryAsync(instanceId, http.RequestAborted) ?? [];
            body["historyEvents"] = await HistoryJson.OfAsync(events, payload => hub.Engine.ReadPayloadAsync(payload, http.RequestAborted), showInput, showOutput);
        }

        var code = status.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Failed when fails => StatusCodes.Status500InternalServerError,
            _ when status.IsCompleted => StatusCodes.Status200OK,
            _ => StatusCodes.Status202Accepted,
        };
        if (code == StatusCodes.Status202Accepted)
        {
            http.Response.Headers.Location = $"{Origin(http)}{http.Request.Path.ToUriComponent()}{http.Request.QueryString}";
            http.Response.Headers.RetryAfter = StatusRetryAfter;
        }

        await ManagementJson.WriteAsync(http, code, body);
    }

    private async Task WriteCheckStatusAsync(HttpContext http, string instanceId)
    {
        var payload = hub.Address.Payload(instanceId, Origin(http));
        http.Response.Headers.Location = payload.StatusQueryGetUri;
        http.Response.Headers.RetryAfter = StartRetryAfter;
        await ManagementJson.WriteAsync(http, StatusCodes.Status202Accepted, JsonSerializer.SerializeToNode(payload, JsonSerializerOptions.Web)!);
    }

    private static string Origin(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host.ToUriComponent()}";
}
