using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;

/// <summary>The answer to a <see cref="DurableHttpRequest"/>; a status that means failure is no exception.</summary>
/// <param name="statusCode">Its status.</param>
public class DurableHttpResponse(HttpStatusCode statusCode)
{
    /// <summary>Status.</summary>
    [JsonPropertyName("statusCode")]
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>Headers; those of the content are among them.</summary>
    [JsonPropertyName("headers")]
    [JsonConverter(typeof(HttpHeadersConverter))]
    public IDictionary<string, StringValues>? Headers { get; init; }

    /// <summary>Body as text.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; init; }
}
