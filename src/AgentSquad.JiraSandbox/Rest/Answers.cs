using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.JiraSandbox.Rest;

/// <summary>Answers as Jira writes them.</summary>
internal static class Answers
{
    private const string ContentType = "application/json;charset=UTF-8";

    /// <summary>How JSON goes out: text as it is, not as \u escapes.</summary>
    public static JsonSerializerOptions Format { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON body; rendered at once, so that the site may change afterwards.</summary>
    public static IResult Json(JsonNode? body, int status = StatusCodes.Status200OK) =>
        Results.Text(body?.ToJsonString(Format) ?? "null", ContentType, statusCode: status);

    /// <summary>201 with a body.</summary>
    public static IResult Created(JsonNode body) => Json(body, StatusCodes.Status201Created);

    /// <summary>204.</summary>
    public static IResult NoContent() => Results.NoContent();

    /// <summary>A page of a longer list, the form that most of Jira's lists have.</summary>
    public static JsonObject Page(RestCall call, IReadOnlyList<JsonObject> all, string name = "values", int maximum = 50)
    {
        var start = call.Query("startAt", 0, 0, int.MaxValue);
        var size = call.Query("maxResults", maximum, 0, 5000);
        var page = all.Skip(start).Take(size).ToArray<JsonNode>();
        var body = new JsonObject { ["startAt"] = start, ["maxResults"] = size, ["total"] = all.Count };
        if (name == "values") body["isLast"] = start + page.Length >= all.Count;
        body[name] = new JsonArray(page);
        return body;
    }

    /// <summary>Writes a refusal outside of a handler.</summary>
    public static async Task WriteAsync(HttpContext http, JiraRefusal refusal)
    {
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = ContentType;
        await http.Response.WriteAsync(refusal.ToBody().ToJsonString(Format));
    }
}
