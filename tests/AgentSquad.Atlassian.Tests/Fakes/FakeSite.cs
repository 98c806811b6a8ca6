using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Tests.Fakes;

/// <summary>A request as the server received it.</summary>
public sealed record ReceivedRequest(string Method, string Path, string Query, string Body, string? Authorization, string? ContentType);

/// <summary>A real server on a free port that records requests and answers what the test says.</summary>
public class FakeSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    public FakeSite()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(HandleAsync);
        _app.StartAsync().GetAwaiter().GetResult();
        Address = _app.Urls.Single();
    }

    public string Address { get; }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>Looks at a request first; true means that it has answered.</summary>
    public Func<HttpContext, ReceivedRequest, Task<bool>> Intercept { get; set; } = (_, _) => Task.FromResult(false);

    public int Count(string method) => Requests.Count(request => request.Method == method);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual Task AnswerAsync(HttpContext context, ReceivedRequest request) => WriteAsync(context, 404, new JsonObject());

    public static async Task WriteAsync(HttpContext context, int status, JsonNode? body)
    {
        context.Response.StatusCode = status;
        if (body is null) return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new ReceivedRequest(
            context.Request.Method,
            context.Request.Path.Value ?? "",
            context.Request.QueryString.Value ?? "",
            await reader.ReadToEndAsync(),
            context.Request.Headers.Authorization,
            context.Request.ContentType);
        Requests.Enqueue(request);
        if (!await Intercept(context, request)) await AnswerAsync(context, request);
    }
}
