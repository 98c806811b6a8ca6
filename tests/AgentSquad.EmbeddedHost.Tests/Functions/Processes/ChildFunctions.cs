using System.Net;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Processes;

/// <summary>The functions of the child process.</summary>
internal sealed class ChildFunctions(IConfiguration configuration, IHostApplicationLifetime lifetime)
{
    // More than the pool has threads for, or finds some for in a minute by itself.
    private const int Blockers = 300;

    private static readonly ManualResetEventSlim Gate = new();

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

    /// <summary>Takes until the host has been told to stop.</summary>
    [Function("Slow")]
    public async Task<string> SlowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
        await Console.Out.WriteLineAsync("slow started");
        await stopping.Task;
        return $"done {request.Method}";
    }

    [Function("Exhaust")]
    public static async Task<string> ExhaustAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "exhaust/{id}")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        string id)
        => await client.ScheduleNewOrchestrationInstanceAsync("Exhausts", new StartOrchestrationOptions(id), request.FunctionContext.CancellationToken);

    [Function("Exhausts")]
    public static Task<string> ExhaustsAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        BlockPool();
        return context.CallActivityAsync<string>("ExhaustFurther");
    }

    [Function("ExhaustFurther")]
    public static string ExhaustFurther([ActivityTrigger] object? input)
    {
        BlockPool();
        Console.Out.WriteLine("pool exhausted");
        Gate.Wait();
        return $"released {input}";
    }

    [Function("Release")]
    public static HttpResponseData Release([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request)
    {
        Gate.Set();
        return request.CreateResponse(HttpStatusCode.NoContent);
    }

    private static void BlockPool()
    {
        for (var i = 0; i < Blockers / 2; i++) _ = Task.Run(Gate.Wait);
    }
}
