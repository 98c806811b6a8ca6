using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>Stands between the function app and the sandbox, so that a test can stop the world between a request and its answer.</summary>
internal sealed class GatedProxy : IAsyncDisposable
{
    private static readonly string[] OwnHeaders = ["Host", "Connection", "Transfer-Encoding", "Content-Length"];

    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    private GatedProxy(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Where it forwards to.</summary>
    public string Target { get; set; } = "";

    /// <summary>Called after a request has been answered and before the answer is passed on.</summary>
    public Func<HttpRequest, Task>? BeforeAnswer { get; set; }

    /// <summary>What goes wrong with which write; nothing unless it is set.</summary>
    public WriteFaults? Faults { get; set; }

    /// <summary>How long after its connection was lost a late write lands.</summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">Where it forwards to; may be set later.</param>
    public static async Task<GatedProxy> StartAsync(string target = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var proxy = new GatedProxy(builder.Build()) { Target = target };
        proxy._app.Run(proxy.ForwardAsync);
        await proxy._app.StartAsync();
        proxy.Url = proxy._app.Urls.Single();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var incoming = context.Request;
        using var request = new HttpRequestMessage(new HttpMethod(incoming.Method), Target + incoming.Path + incoming.QueryString);
        byte[] body = [];
        if (incoming.ContentLength > 0 || incoming.Headers.TransferEncoding.Count > 0)
        {
            using var buffer = new MemoryStream();
            await incoming.Body.CopyToAsync(buffer);
            body = buffer.ToArray();
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, values) in incoming.Headers)
        {
            if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        var fault = Faults?.Of(incoming, Encoding.UTF8.GetString(body)) ?? WriteFault.None;
        if (fault == WriteFault.LandsLate)
        {
            context.Abort();
            await Task.Delay(LateBy);
        }

        using var response = await _client.SendAsync(request);
        if (Faults is not null) Faults.Answered(incoming, Encoding.UTF8.GetString(body), await response.Content.ReadAsStringAsync());
        if (fault == WriteFault.AnswerLost) context.Abort();
        if (fault != WriteFault.None) return;
        if (BeforeAnswer is { } gate) await gate(incoming);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) context.Response.Headers[name] = values.ToArray();
        }

        // Even an empty write fails where an answer has no body, and takes the connection along.
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified)) await response.Content.CopyToAsync(context.Response.Body);
    }
}
