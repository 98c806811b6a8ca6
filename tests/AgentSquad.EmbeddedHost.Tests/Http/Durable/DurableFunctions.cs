using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

public sealed record City(string Name, int Visits);

/// <summary>The durable functions that the tests run.</summary>
internal sealed class DurableFunctions(Signals signals)
{
    [Function("Start")]
    public static async Task<HttpResponseData> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{name}")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        string name,
        CancellationToken cancellationToken)
    {
        var city = await request.ReadFromJsonAsync<City>(cancellationToken);
        var id = await client.ScheduleNewOrchestrationInstanceAsync(name, city, cancellationToken);
        return await client.CreateCheckStatusResponseAsync(request, id, cancellationToken);
    }

    [Function("Travel")]
    public static async Task<City> TravelAsync([OrchestrationTrigger] TaskOrchestrationContext context, City city)
    {
        context.SetCustomStatus(new { at = city.Name });
        var greeting = await context.CallActivityAsync<string>("Greet", city.Name);
        return city with { Name = greeting, Visits = city.Visits + 1 };
    }

    [Function("Greet")]
    public string Greet([ActivityTrigger] string name, FunctionContext context, string instanceId)
    {
        signals.Notes.Enqueue($"{context.FunctionDefinition.Name} {name} for {instanceId}");
        return $"Hello {name}";
    }

    [Function("Wait")]
    public static async Task<string> WaitAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        => await context.WaitForExternalEvent<string>("go");

    [Function("Fail")]
    public static async Task FailAsync([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync("Explode");

    [Function("Explode")]
    public static void Explode([ActivityTrigger] object? input) => throw new InvalidOperationException($"boom {input}");
}
