using System.Diagnostics;
using System.Net;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>The HTTP side of the host: Kestrel, functions under their routes, and the host's own endpoints.</summary>
internal sealed class HttpServer(
    FunctionCatalog catalog,
    FunctionRunner runner,
    HostSettings settings,
    EmbeddedHostOptions options,
    IEnumerable<IHostEndpoints> hostEndpoints,
    IActivitySignal activity,
    IOptions<WorkerOptions> worker,
    ILoggerFactory loggers) : IAsyncDisposable
{
    // As Azure Functions.
    private const long MaxRequestBytes = 100 * 1024 * 1024;

    private static readonly string[] AllMethods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"];

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim? _turns = settings.Http.MaxConcurrentRequests > 0 ? new SemaphoreSlim(settings.Http.MaxConcurrentRequests) : null;
    private WebApplication? _app;

    /// <summary>Where the server listens; set by <see cref="StartAsync"/>.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Starts to listen; throws <see cref="HostStartException"/> for a busy port or an address that this machine does not have.</summary>
    public async Task StartAsync(HostKeys keys, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "AgentSquad.EmbeddedHost" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRouting();
        // Signals end the outer host, which then stops this server in its order.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Functions may read and write in blocking ways; they do so on threads of their own.
            kestrel.AllowSynchronousIO = true;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            Listen(kestrel);
        });
        var app = builder.Build();
        _app = app;
        app.Use(LimitAsync(settings.Http.MaxOutstandingRequests));
        app.UseRouting();
        foreach (var function in catalog.Of(FunctionTrigger.Http)) Map(app, function, keys);
        foreach (var endpoints in hostEndpoints) endpoints.Map(app, keys);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException problem) when (problem.InnerException is AddressInUseException)
        {
            throw new HostStartException($"Port {options.Port} on {options.Host} is in use: choose another with --port.", problem);
        }
        catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException)
        {
            throw new HostStartException($"Cannot listen on {options.Host}, port {options.Port} ({problem.Message}): choose others with --host and --port.", problem);
        }

        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Takes no more requests and waits for those that run; when the token is cancelled they are cancelled as well.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null) return;
        await using var registration = cancellationToken.Register(_stopping.Cancel);
        await _app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _turns?.Dispose();
        _stopping.Dispose();
    }

    private static Func<HttpContext, RequestDelegate, Task> LimitAsync(int limit)
    {
        var running = 0;
        return async (http, next) =>
        {
            try
            {
                if (Interlocked.Increment(ref running) > limit && limit >= 0) http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                else await next(http);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        };
    }

    private void Map(IEndpointRouteBuilder app, FunctionDescriptor function, HostKeys keys)
    {
        var trigger = (HttpTriggerAttribute)function.TriggerAttribute;
        var methods = trigger.Methods is { Length: > 0 } named ? named.Select(method => method.ToUpperInvariant()) : AllMethods;
        var endpoint = new HttpFunctionEndpoint(function, runner, worker.Value.Serializer!, keys, _stopping.Token);
        app.MapMethods(RouteRules.TemplateOf(function.Name, trigger, settings.Http.RoutePrefix), methods, async http =>
        {
            using var trace = new Activity("AgentSquad.HttpFunction");
            if (http.Request.Headers.TraceParent is { Count: 1 } parent) trace.SetParentId(parent.ToString());
            trace.SetIdFormat(ActivityIdFormat.W3C).Start();
            if (_turns is not null) await _turns.WaitAsync(http.RequestAborted);
            try
            {
                await endpoint.HandleAsync(http);
            }
            finally
            {
                _turns?.Release();
            }

            // What an HTTP function does is often to enqueue: the listeners need not wait for their next look.
            activity.Happened();
        });
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        if (options.Port is < 0 or > 65535) throw new HostStartException($"--port is {options.Port} but must be 0 to 65535; 0 takes a free port.");
        static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
        if (options.Host is "*" or "+") kestrel.ListenAnyIP(options.Port, Http1);
        else if (IPAddress.TryParse(options.Host, out var address)) kestrel.Listen(address, options.Port, Http1);
        // Kestrel cannot take one free port for two addresses.
        else if (options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && options.Port == 0) kestrel.Listen(IPAddress.Loopback, 0, Http1);
        else if (options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) kestrel.ListenLocalhost(options.Port, Http1);
        else throw new HostStartException($"--host is '{options.Host}' but must be an IP address, localhost or *.");
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
