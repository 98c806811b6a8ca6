using System.Net;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Processes;

/// <summary>The functions of the child process.</summary>
internal sealed class ChildFunctions(IConfiguration configuration)
{
    [Function("Start")]
    public static async Task<string> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{id}")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        string id)
        => await client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions(id), request.FunctionContext.CancellationToken);

    [Function("Status")]
    public static async Task<string> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "status/{id}")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        string id)
        => $"{(await client.GetInstanceAsync(id, request.FunctionContext.CancellationToken))?.RuntimeStatus}";

    [Function("Enqueue")]
    public async Task<HttpResponseData> EnqueueAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "enqueue/{id}")] HttpRequestData request, string id)
    {
        var queue = new QueueClient(
            configuration["AzureWebJobsStorage"], configuration["ChildQueue"], new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(id);
        return request.CreateResponse(HttpStatusCode.Accepted);
    }

    [Function("Receive")]
    public static Task ReceiveAsync([QueueTrigger("%ChildQueue%")] string id, [DurableClient] DurableTaskClient client)
        => client.RaiseEventAsync(id, "go", "from the queue");

    [Function("Wait")]
    public static async Task<string> WaitAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        => await context.WaitForExternalEvent<string>("go");

    [Function("Slow")]
    public static async Task<string> SlowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
    {
        await Console.Out.WriteLineAsync("slow started");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        return $"done {request.Method}";
    }
}
