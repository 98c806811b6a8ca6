using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>How requests to a site are repeated, limited and given up; each site has its own budget and circuit.</summary>
internal static class JiraPipeline
{
    /// <summary>Name of the HTTP client.</summary>
    public const string ClientName = "AgentSquad.Jira";

    /// <summary>Marks a request that only reads although its method does not say so, such as a search by POST.</summary>
    public static readonly HttpRequestOptionsKey<bool> OnlyReads = new("AgentSquad.OnlyReads");

    /// <summary>Says which site a request goes to. Behind Atlassian's gateway many sites share one host.</summary>
    public static readonly HttpRequestOptionsKey<string> Site = new("AgentSquad.Site");

    public static IServiceCollection AddJiraHttpClient(this IServiceCollection services)
    {
        services.TryAddSingleton<SitePauses>();
        services.AddTransient<BufferBodyHandler>();
        var client = services.AddHttpClient(ClientName, http => http.Timeout = Timeout.InfiniteTimeSpan);
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            // A redirect means a wrong address, and credentials never follow one.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.All,
        });
        client.RedactLoggedHeaders(_ => true);
        client.AddResilienceHandler("jira", (pipeline, context) =>
            Configure(
                pipeline,
                context.ServiceProvider.GetRequiredService<IOptions<JiraOptions>>().Value,
                context.ServiceProvider.GetRequiredService<SitePauses>())).SelectPipelineBy(_ => SiteOf);
        client.AddHttpMessageHandler<BufferBodyHandler>();
        return services;
    }

    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, JiraOptions options, SitePauses pauses)
    {
        if (options.ReadRetries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.ReadRetries,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryAfter > options.RetryDelay ? options.MaxRetryAfter : options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    IsRead(arguments.Context.GetRequestMessage()) && IsTransient(arguments.Outcome) && MayWait(arguments.Outcome.Result, options)),
                DelayGenerator = arguments => ValueTask.FromResult(Wait(arguments)),
            });
        }

        pipeline.AddRateLimiter(new HttpRateLimiterStrategyOptions { RateLimiter = Budget(options.RequestsPerSecond, pauses) });
        pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(15),

            // 429 is the site at work, not the site in trouble.
            ShouldHandle = arguments => ValueTask.FromResult(
                IsTransient(arguments.Outcome) && arguments.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests),
        });
        pipeline.AddTimeout(options.RequestTimeout);
    }

    // Everything waits its turn; only a queue that could never drain in useful time is refused.
    private static Func<RateLimiterArguments, ValueTask<RateLimitLease>> Budget(int requestsPerSecond, SitePauses pauses)
    {
#pragma warning disable CA2000 // Lives as long as the pipeline, which lives as long as the process.
        var limiter = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = requestsPerSecond * 2,
            TokensPerPeriod = Math.Max(1, requestsPerSecond / 10),
            ReplenishmentPeriod = requestsPerSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1.0 / requestsPerSecond),
            QueueLimit = requestsPerSecond * 60,
        });
#pragma warning restore CA2000
        return async arguments =>
        {
            if (arguments.Context.GetRequestMessage() is { } request) await pauses.WaitAsync(SiteOf(request), arguments.Context.CancellationToken);
            return await limiter.AcquireAsync(1, arguments.Context.CancellationToken);
        };
    }

    /// <summary>The site of a request; its host when none is said.</summary>
    internal static string SiteOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(Site, out var site) ? site : request.RequestUri?.GetLeftPart(UriPartial.Authority) ?? "";

    private static bool IsRead(HttpRequestMessage? request) =>
        request is not null
        && (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || (request.Options.TryGetValue(OnlyReads, out var only) && only));

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or SocketException or TimeoutRejectedException or IOException } => true,
        { Result: { } response } => RetryAfter.IsTransient(response.StatusCode),
        _ => false,
    };

    private static bool MayWait(HttpResponseMessage? response, JiraOptions options) =>
        response is null || RetryAfter.Of(response) is not { } wait || wait <= options.MaxRetryAfter;

    // Retry-After: 0 is not taken at its word, or a gateway that always says so would be asked in a tight loop.
    private static TimeSpan? Wait(RetryDelayGeneratorArguments<HttpResponseMessage> arguments) =>
        arguments.Outcome.Result is { } response && RetryAfter.Of(response) is { } wait && wait > TimeSpan.Zero ? wait : null;
}
