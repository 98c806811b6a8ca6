using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentSquad.Functions.Storage;

/// <summary>The JSON of artifacts, table rows, the custom status and the HTTP API: camelCase, enums by name.</summary>
internal static class SquadJson
{
    /// <summary>The options; never changed.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        // Nothing here is ever put into a page; ticket text stays readable in the blobs.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
