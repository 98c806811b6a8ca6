using System.Net;
using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace AgentSquad.EmbeddedHost.Tests.Http;

public sealed record Greeting(string Text, int Times);

/// <summary>The HTTP functions that the tests call.</summary>
internal sealed class HttpFunctions(Signals signals)
{
    [Function("Echo")]
    public static async Task<HttpResponseData> EchoAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo")] HttpRequestData request)
    {
        var response = request.CreateResponse(HttpStatusCode.Created);
        response.Headers.Add("X-Method", request.Method);
        response.Headers.Add("X-Query", request.Query["q"] ?? "");
        response.Cookies.Append("seen", "yes");
        await response.WriteStringAsync(await request.ReadAsStringAsync() ?? "");
        return response;
    }

    [Function("Item")]
    public static async Task<HttpResponseData> ItemAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{name}/{number:int?}")] HttpRequestData request,
        string name,
        int? number,
        string? filter,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var response = request.CreateResponse();
        await response.WriteAsJsonAsync(new { name, number, filter, function = context.FunctionDefinition.Name }, cancellationToken);
        return response;
    }

    [Function("Body")]
    public static Greeting? Body([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "body")] Greeting? greeting)
        => greeting is null ? null : greeting with { Times = greeting.Times + 1 };

    [Function("Locked")]
    public static string Locked([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequestData request) => $"open {request.Method}";

    [Function("AdminOnly")]
    public static string AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequestData request) => $"open {request.Method}";

    [Function("Broken")]
    public static Task<HttpResponseData> BrokenAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        => throw new InvalidOperationException($"secret detail of {request.Method}");

    [Function("Hang")]
    public async Task HangAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request, CancellationToken cancellationToken)
    {
        signals.Set($"hang-started-{request.Query["id"]}");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            signals.Set("hang-cancelled");
        }
    }

    [Function("Slow")]
    public async Task<string> SlowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
    {
        signals.Set("slow-started");
        await signals.WaitAsync("slow-may-end");
        return request.Method;
    }

    [Function("Block")]
    public string Block([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
    {
        signals.Notes.Enqueue(Thread.CurrentThread.Name ?? "");
        signals.WaitAsync("unblock").GetAwaiter().GetResult();
        return request.Method;
    }

    [Function("Ping")]
    public static string Ping([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => $"pong {request.Method}";
}
