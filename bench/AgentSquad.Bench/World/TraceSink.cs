using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Bench.World;

/// <summary>Takes the traces and metrics that the app exports (OTLP over HTTP) and keeps their bytes, to be looked through.</summary>
internal sealed class TraceSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _turn = new(1);

    private TraceSink(WebApplication app) => _app = app;

    /// <summary>Value of <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>Starts it.</summary>
    /// <param name="file">Where the bytes go.</param>
    public static async Task<TraceSink> StartAsync(string file)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var sink = new TraceSink(builder.Build());
        sink._app.Run(http => sink.KeepAsync(http, file));
        await sink._app.StartAsync();
        return sink;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _turn.Dispose();
    }

    private async Task KeepAsync(HttpContext http, string file)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        await _turn.WaitAsync(http.RequestAborted);
        try
        {
            await using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            await stream.WriteAsync(body.ToArray(), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }
}
