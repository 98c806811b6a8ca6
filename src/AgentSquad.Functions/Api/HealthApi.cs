using System.Net;
using System.Reflection;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace AgentSquad.Functions.Api;

/// <summary>Tells load balancers and people whether the app can work.</summary>
internal sealed class HealthApi(StorageAccount account)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly string Version =
        typeof(HealthApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // Tells one process from another, so that somebody outside can see whether two addresses lead to the same one. Says nothing else.
    private static readonly string Instance = Guid.NewGuid().ToString("N");

    /// <summary>
    /// GET api/health: <c>healthy</c> (200); <c>standby</c> (200) when another process runs the squad and this one only accepts webhooks;
    /// <c>unhealthy</c> (503) when storage does not answer.
    /// </summary>
    [Function(nameof(Health))]
    public async Task<HttpResponseData> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        patience.CancelAfter(Patience);
        var storage = await AnswersAsync(() => account.IntakeQueue(StorageNames.EventQueue).ExistsAsync(patience.Token));
        var runs = storage && await AnswersAsync(() => client.GetInstanceAsync("health", patience.Token));
        return await request.JsonAsync(
            storage ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable,
            new
            {
                status = storage ? runs ? "healthy" : "standby" : "unhealthy",
                storage = storage ? "reachable" : "unreachable",
                version = Version,
                instance = Instance,
            });
    }

    private static async Task<bool> AnswersAsync<T>(Func<Task<T>> question)
    {
        try
        {
            await question();
            return true;
        }
        catch (Exception)
        {
            // Whatever the reason, the answer is that there is none.
            return false;
        }
    }
}
