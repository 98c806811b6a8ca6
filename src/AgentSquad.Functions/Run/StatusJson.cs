using System.Text.Json;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Storage;

namespace AgentSquad.Functions.Run;

/// <summary>The custom status as JSON. Made here and not by the host's serializer, so that it is camelCase on every host.</summary>
internal static class StatusJson
{
    /// <summary>The status as a JSON object.</summary>
    public static JsonElement Of(SquadRunStatus status) => JsonSerializer.SerializeToElement(status, SquadJson.Options);

    /// <summary>Reads a custom status; null when it is none.</summary>
    public static SquadRunStatus? Read(string? json)
    {
        try
        {
            return string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize<SquadRunStatus>(json, SquadJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
