using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;

/// <summary>An HTTP request that an orchestrator has sent for it.</summary>
/// <param name="method">Its method.</param>
/// <param name="uri">Where it goes.</param>
public class DurableHttpRequest(HttpMethod method, Uri uri)
{
    /// <summary>Method.</summary>
    [JsonPropertyName("method")]
    [JsonConverter(typeof(HttpMethodConverter))]
    public HttpMethod Method { get; } = method;

    /// <summary>Address.</summary>
    [JsonPropertyName("uri")]
    public Uri Uri { get; } = uri;

#pragma warning disable CA2227 // Settable as in the official type.
    /// <summary>Headers; null for none.</summary>
    [JsonPropertyName("headers")]
    [JsonConverter(typeof(HttpHeadersConverter))]
    public IDictionary<string, StringValues>? Headers { get; set; }
#pragma warning restore CA2227

    /// <summary>Body; null for none. Plain text unless the headers name a content type.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; set; }

    /// <summary>Whether an answer 202 with a <c>Location</c> is followed there until another answer comes. Default false.</summary>
    [JsonPropertyName("asynchronousPatternEnabled")]
    public bool AsynchronousPatternEnabled { get; set; }

    /// <summary>How often to try again; null for not at all.</summary>
    [JsonPropertyName("retryOptions")]
    public HttpRetryOptions? HttpRetryOptions { get; set; }

    /// <summary>Time for the request and all polling after it; null for 100 s per request and no limit of polling.</summary>
    [JsonPropertyName("timeout")]
    public TimeSpan? Timeout { get; set; }
}
