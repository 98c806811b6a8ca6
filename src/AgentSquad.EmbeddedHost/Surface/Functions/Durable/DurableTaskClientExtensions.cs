using System.Net;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Http;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Answers that tell a caller how to follow an orchestration.</summary>
public static class DurableTaskClientExtensions
{
    private static readonly JsonSerializerOptions PayloadJson = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An answer 202 with the instance's management URLs; <c>Location</c> is its status.</summary>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default)
        => client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>An answer with the instance's management URLs; <c>Location</c> is its status.</summary>
    public static async Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        HttpStatusCode statusCode,
        CancellationToken cancellation = default)
    {
        var (response, body) = Prepare(client, request, instanceId, statusCode);
        await response.WriteBytesAsync(body, cancellation);
        return response;
    }

    /// <summary>An answer 202 with the instance's management URLs; <c>Location</c> is its status.</summary>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default)
        => client.CreateCheckStatusResponse(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>An answer with the instance's management URLs; <c>Location</c> is its status.</summary>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        HttpStatusCode statusCode,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var (response, body) = Prepare(client, request, instanceId, statusCode);
        response.WriteBytes(body);
        return response;
    }

    /// <summary>The instance's management URLs.</summary>
    /// <param name="client">The task hub's client.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="request">Tells under which address the caller knows this host; without it the host's own address is used.</param>
    public static HttpManagementPayload CreateHttpManagementPayload(
        this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return DurableManagementAddress.Of(client).PayloadFor(instanceId, request);
    }

    private static (HttpResponseData Response, byte[] Body) Prepare(
        DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var payload = DurableManagementAddress.Of(client).PayloadFor(instanceId, request);
        var response = request.CreateResponse(statusCode);
        response.Headers.TryAddWithoutValidation("Location", payload.StatusQueryGetUri);
        response.Headers.TryAddWithoutValidation("Retry-After", "10");
        response.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        return (response, JsonSerializer.SerializeToUtf8Bytes(payload, PayloadJson));
    }
}
