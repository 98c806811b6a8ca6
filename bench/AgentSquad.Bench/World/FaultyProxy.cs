using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Bench.World;

/// <summary>What goes wrong between a caller and a service.</summary>
internal enum ProxyFault
{
    /// <summary>503, not carried out.</summary>
    Refuse,

    /// <summary>429 with <c>Retry-After: 1</c>, not carried out.</summary>
    Throttle,

    /// <summary>The connection drops, not carried out.</summary>
    DropBefore,

    /// <summary>Carried out, the answer is lost.</summary>
    DropAfter,

    /// <summary>The connection drops, carried out a second later.</summary>
    Late,

    /// <summary>No answer for five seconds, then the connection drops, not carried out.</summary>
    Hang,
}

/// <summary>Passes requests on unchanged to one or more services, and lets things go wrong for a given share of them, by a seed.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive", "Expect"];
    private static readonly TimeSpan LateBy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HangFor = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly Dictionary<int, string> _targets = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, MaxConnectionsPerServer = 512,
    }) { Timeout = TimeSpan.FromMinutes(5) };

    private readonly Random _random;
    private readonly Lock _lock = new();
    private readonly ProxyFault[] _kinds;
    private readonly long[] _faults = new long[Enum.GetValues<ProxyFault>().Length];
    private readonly Queue<ProxyFault> _next = new();
    private int _gap = -1;
    private long _requests;
    private long _bytes;

    private FaultyProxy(WebApplication app, int seed, ProxyFault[] kinds)
    {
        _app = app;
        _random = new Random(seed);
        _kinds = kinds;
    }

    /// <summary>Where it listens, in the order of the targets.</summary>
    public IReadOnlyList<string> Urls { get; private set; } = [];

    /// <summary>Share of the requests that meet a fault, 0 to 1. Gaps between faults are drawn, none is longer than twice the mean.</summary>
    public double Share { get; set; }

    /// <summary>How many requests met a fault.</summary>
    public long Faults => _faults.Sum();

    /// <summary>The same by kind, for people.</summary>
    public string FaultsByKind => string.Join(", ", Enum.GetValues<ProxyFault>().Where(kind => _faults[(int)kind] > 0).Select(kind => $"{_faults[(int)kind]} {kind}"));

    /// <summary>How many requests came.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Bytes of request and response bodies.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Starts a proxy.</summary>
    /// <param name="seed">Of the faults.</param>
    /// <param name="kinds">What may go wrong.</param>
    /// <param name="count">How many services it will stand before; set them with <see cref="SetTargets"/>.</param>
    public static async Task<FaultyProxy> StartAsync(int seed, ProxyFault[] kinds, int count)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            for (var i = 0; i < count; i++) kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Logging.ClearProviders();
        var proxy = new FaultyProxy(builder.Build(), seed, kinds);
        proxy._app.Run(proxy.HandleAsync);
        await proxy._app.StartAsync();
        proxy.Urls = [.. proxy._app.Urls];
        return proxy;
    }

    /// <summary>Says where requests go, in the order of <see cref="Urls"/>; base addresses without a path.</summary>
    public void SetTargets(params IReadOnlyList<string> targets)
    {
        foreach (var (i, target) in targets.Index()) _targets[new Uri(Urls[i]).Port] = target.TrimEnd('/');
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref _requests);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        Interlocked.Add(ref _bytes, body.Length);
        var fault = Draw();
        switch (fault)
        {
            case null:
                await ForwardAsync(http, body, answer: true);
                break;
            case ProxyFault.Refuse:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case ProxyFault.Throttle:
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                http.Response.Headers.RetryAfter = "1";
                break;
            case ProxyFault.DropBefore:
                http.Abort();
                break;
            case ProxyFault.DropAfter:
                await ForwardAsync(http, body, answer: false);
                http.Abort();
                break;
            case ProxyFault.Late:
                http.Abort();
                await Task.Delay(LateBy, CancellationToken.None);
                await ForwardAsync(http, body, answer: false);
                break;
            case ProxyFault.Hang:
                await Task.Delay(HangFor, CancellationToken.None);
                http.Abort();
                break;
        }
    }

    // Every kind comes before one comes again, so that a short run meets them all.
    private ProxyFault? Draw()
    {
        lock (_lock)
        {
            if (Share <= 0) return null;
            if (_gap < 0) _gap = _random.Next((int)(2 / Share));
            if (_gap-- > 0) return null;
            if (_next.Count == 0)
            {
                var kinds = _kinds.ToArray();
                _random.Shuffle(kinds);
                foreach (var kind in kinds) _next.Enqueue(kind);
            }

            var fault = _next.Dequeue();
            _faults[(int)fault]++;
            return fault;
        }
    }

    private async Task ForwardAsync(HttpContext http, MemoryStream body, bool answer)
    {
        // As it came, escapes included: storage requests are signed over their path.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_targets[http.Connection.LocalPort] + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body.Length > 0 || http.Request.ContentLength is not null) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in http.Request.Headers)
        {
            if (HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            if (!answer) return;
            http.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            {
                if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase)) http.Response.Headers[name] = values.ToArray();
            }

            // Such an answer has neither a length nor a body; even an empty write fails and takes the connection along.
            if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return;

            // Clients of storage read it even where there is no body.
            http.Response.ContentLength = response.Content.Headers.ContentLength;

            await using var content = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            var buffer = new byte[16 * 1024];
            for (int read; (read = await content.ReadAsync(buffer)) > 0;)
            {
                Interlocked.Add(ref _bytes, read);
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked has gone, or the service has: to the caller a dropped connection either way.
            http.Abort();
        }
    }
}
