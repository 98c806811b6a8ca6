using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentSquad.TestSupport.Models;

/// <summary>
/// A server that speaks both wire formats as they were recorded: OpenAI's chat completions and Anthropic's messages, whole and streamed. What it
/// says is the test's to decide; what it was asked is on the record.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private Func<ModelRequest, Task<ModelReply>> _brain;

    private ModelServer(WebApplication app, Func<ModelRequest, Task<ModelReply>> brain) => (_app, _brain) = (app, brain);

    /// <summary>Base address, without a path.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Base address for OpenAI's libraries.</summary>
    public string OpenAIUrl => Url + "/v1";

    /// <summary>What was asked so far, oldest first.</summary>
    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="brain">Says what to answer.</param>
    public static Task<ModelServer> StartAsync(Func<ModelRequest, ModelReply> brain) => StartAsync(request => Task.FromResult(brain(request)));

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="brain">Says what to answer.</param>
    public static async Task<ModelServer> StartAsync(Func<ModelRequest, Task<ModelReply>> brain)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ModelServer(builder.Build(), brain);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Url = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    /// <summary>Answers otherwise from now on, and forgets what was asked.</summary>
    public void Become(Func<ModelRequest, ModelReply> brain)
    {
        _requests.Clear();
        _brain = request => Task.FromResult(brain(request));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        string? Header(string name) => context.Request.Headers[name].FirstOrDefault();
        var request = new ModelRequest
        {
            Path = context.Request.Path, Body = body.RootElement.Clone(),
            Key = Header("x-api-key") ?? Header("api-key") ?? Header("Authorization")?.Replace("Bearer ", "", StringComparison.Ordinal) ?? "",
        };
        _requests.Enqueue(request);
        var reply = await _brain(request);
        switch (reply)
        {
            case SilentReply:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case StatusReply status:
                context.Response.StatusCode = status.Code;
                if (status.RetryAfter is not null) context.Response.Headers.RetryAfter = status.RetryAfter;
                await WriteAsync(context, "application/json", """{"type":"error","error":{"type":"api_error","code":"problem","message":"Something is wrong."}}""");
                return;
            case RawReply raw:
                await WriteAsync(context, raw.Type, raw.Body);
                return;
            case HalfReply half:
                await WriteHalfAsync(context, request, half.Text);
                return;
            default:
                var text = request.IsMessages ? MessagesWire.Render(request, reply) : ChatCompletionsWire.Render(request, reply);
                await WriteAsync(context, request.Streams ? "text/event-stream" : "application/json", text);
                return;
        }
    }

    private static async Task WriteHalfAsync(HttpContext context, ModelRequest request, string text)
    {
        var whole = request.IsMessages ? MessagesWire.Render(request, ModelReply.Say(text)) : ChatCompletionsWire.Render(request, ModelReply.Say(text));
        context.Response.ContentType = request.Streams ? "text/event-stream" : "application/json";
        if (!request.Streams) context.Response.ContentLength = whole.Length;
        await context.Response.WriteAsync(whole[..(whole.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }
}
