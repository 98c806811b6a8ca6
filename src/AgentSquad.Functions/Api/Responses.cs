using System.Net;
using System.Text.Json;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker.Http;

namespace AgentSquad.Functions.Api;

/// <summary>Answers of the app: one line of camelCase JSON.</summary>
internal static class Responses
{
    /// <summary>A JSON answer.</summary>
    public static async Task<HttpResponseData> JsonAsync<T>(this HttpRequestData request, HttpStatusCode status, T value)
    {
        var response = request.CreateResponse(status);
        response.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        await response.WriteBytesAsync(JsonSerializer.SerializeToUtf8Bytes(value, SquadJson.Options));
        return response;
    }

    /// <summary><c>{"error":"..."}</c></summary>
    public static Task<HttpResponseData> ErrorAsync(this HttpRequestData request, HttpStatusCode status, string error) =>
        request.JsonAsync(status, new { error });
}
