using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>JSON of the management endpoints.</summary>
internal static class ManagementJson
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with JSON.</summary>
    public static Task WriteAsync(HttpContext http, int status, JsonNode? body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Readable);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    /// <summary>A stored payload as JSON; a text that is no JSON as a string.</summary>
    public static JsonNode? Payload(string? text)
    {
        if (text is null) return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
