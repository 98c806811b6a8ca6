using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Microsoft.DurableTask;
using Microsoft.Extensions.Primitives;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>HTTP requests of orchestrators: what decides runs in the orchestrator and is replayed, what sends is a built-in activity.</summary>
internal static class DurableHttp
{
    /// <summary>The activity that sends; no function can have this name.</summary>
    public const string ActivityName = "BuiltIn::HttpActivity";

    /// <summary>Property of the context with the wait between two polls, a double in milliseconds.</summary>
    public const string PollingIntervalProperty = "HttpDefaultAsyncRequestSleepTimeMilliseconds";

    private const double DefaultPollingMilliseconds = 30_000;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    private static readonly HttpClient Client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The orchestrator's part. Its awaits stay on the orchestrator's turn.</summary>
    public static async Task<DurableHttpResponse> CallAsync(TaskOrchestrationContext context, DurableHttpRequest request)
    {
        var started = context.CurrentUtcDateTime;
        var response = await CallWithRetriesAsync(context, request);
        while (request.AsynchronousPatternEnabled && response.StatusCode == HttpStatusCode.Accepted && Location(request, response) is { } location)
        {
            var wakeAt = context.CurrentUtcDateTime + PollingInterval(context, response);
            if (request.Timeout is { } limit && wakeAt - started > limit)
                throw new TimeoutException($"{request.Method} {request.Uri.GetLeftPart(UriPartial.Path)} was still answered 202 when its time-out of {limit} was over.");
            await context.CreateTimer(wakeAt, CancellationToken.None);
            response = await CallWithRetriesAsync(context, new DurableHttpRequest(HttpMethod.Get, location)
            {
                Headers = HeadersFor(location, request),
                HttpRetryOptions = request.HttpRetryOptions,
                Timeout = request.Timeout,
            });
        }

        return response;
    }

    /// <summary>The activity: sends one request and returns the answer, both serialized.</summary>
    public static async Task<string?> SendAsync(string? serializedRequest, DataConverter converter, CancellationToken cancellationToken)
    {
        var request = converter.Deserialize<DurableHttpRequest>(serializedRequest)
            ?? throw new InvalidOperationException("The built-in HTTP activity was called without a request.");
        using var message = MessageOf(request);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(request.Timeout ?? DefaultTimeout);
        try
        {
            using var answer = await Client.SendAsync(message, limit.Token);
            var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)) headers[name] = values.ToArray();
            return converter.Serialize(new DurableHttpResponse(answer.StatusCode)
            {
                Headers = headers,
                Content = await answer.Content.ReadAsStringAsync(limit.Token),
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.Method} {request.Uri.GetLeftPart(UriPartial.Path)} was not answered within {request.Timeout ?? DefaultTimeout}.");
        }
    }

    private static async Task<DurableHttpResponse> CallWithRetriesAsync(TaskOrchestrationContext context, DurableHttpRequest request)
    {
        var started = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                var response = await context.CallActivityAsync<DurableHttpResponse>(ActivityName, request);
                if (!IsRetried(request.HttpRetryOptions, response.StatusCode)) return response;
                if (NextDelay(request.HttpRetryOptions, attempt, context.CurrentUtcDateTime - started) is not { } wait) return response;
                delay = wait;
            }
            catch (TaskFailedException) when (NextDelay(request.HttpRetryOptions, attempt, context.CurrentUtcDateTime - started) is not null)
            {
                delay = NextDelay(request.HttpRetryOptions, attempt, context.CurrentUtcDateTime - started)!.Value;
            }

            await context.CreateTimer(context.CurrentUtcDateTime + delay, CancellationToken.None);
        }
    }

    private static bool IsRetried(HttpRetryOptions? retry, HttpStatusCode status)
    {
        if (retry is null) return false;
        return retry.StatusCodesToRetry.Count > 0 ? retry.StatusCodesToRetry.Contains(status) : status >= HttpStatusCode.BadRequest;
    }

    private static TimeSpan? NextDelay(HttpRetryOptions? retry, int attempt, TimeSpan elapsed)
    {
        if (retry is null || attempt >= retry.MaxNumberOfAttempts || elapsed >= retry.RetryTimeout) return null;
        var delay = retry.FirstRetryInterval.TotalMilliseconds * Math.Pow(retry.BackoffCoefficient, attempt - 1);
        return delay < retry.MaxRetryInterval.TotalMilliseconds ? TimeSpan.FromMilliseconds(delay) : retry.MaxRetryInterval;
    }

    private static TimeSpan PollingInterval(TaskOrchestrationContext context, DurableHttpResponse response)
    {
        if (response.Headers is { } headers && headers.TryGetValue("Retry-After", out var after)
            && int.TryParse(after.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return TimeSpan.FromMilliseconds(
            context.Properties.TryGetValue(PollingIntervalProperty, out var configured) && configured is double milliseconds
                ? milliseconds
                : DefaultPollingMilliseconds);
    }

    private static Uri? Location(DurableHttpRequest request, DurableHttpResponse response) =>
        response.Headers is { } headers && headers.TryGetValue("Location", out var location) && location is [{ Length: > 0 } text, ..]
            ? new Uri(request.Uri, text)
            : null;

    // What proves who the caller is belongs to the host that was called.
    private static Dictionary<string, StringValues>? HeadersFor(Uri location, DurableHttpRequest request)
    {
        if (request.Headers is null) return null;
        var isSame = Uri.Compare(location, request.Uri, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        return request.Headers
            .Where(header => isSame || !(Is(header.Key, "Authorization") || Is(header.Key, "Cookie")))
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
    }

    private static HttpRequestMessage MessageOf(DurableHttpRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri);
        if (request.Content is not null) message.Content = new StringContent(request.Content);
        foreach (var (name, values) in request.Headers ?? new Dictionary<string, StringValues>())
        {
            if (!Is(name, "Content-Type"))
            {
                message.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
                continue;
            }

            var type = values.ToString();
            if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) throw new NotSupportedException("CallHttpAsync does not send multipart content.");
            if (message.Content is not null) message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return message;
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
