using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSquad.JiraSandbox.Tests.Contract;

/// <summary>Checks JSON values against schemas of an OpenAPI 3.0 document.</summary>
/// <param name="root">The document, for its references.</param>
internal sealed partial class SchemaCheck(JsonObject root)
{
    private const int DeepestCheck = 40;

    /// <summary>What a reference leads to; anything else as it is.</summary>
    public JsonObject? Resolve(JsonObject? node)
    {
        while (node?["$ref"] is JsonValue reference)
        {
            JsonNode? target = root;
            foreach (var part in reference.GetValue<string>()[2..].Split('/')) target = target?[part];
            node = target as JsonObject;
        }

        return node;
    }

    /// <summary>The first thing that is wrong, with its place, or null.</summary>
    public string? Check(JsonObject given, JsonNode? value, string place, int depth = 0)
    {
        if (depth > DeepestCheck || Resolve(given) is not { } schema) return null;
        foreach (var part in Parts(schema, "allOf"))
        {
            if (Check(part, value, place, depth + 1) is { } problem) return problem;
        }

        var choices = Parts(schema, "oneOf").Concat(Parts(schema, "anyOf")).ToList();
        if (choices.Count > 0 && choices.TrueForAll(choice => Check(choice, value, place, depth + 1) is not null))
            return $"{place}: fits none of {choices.Count} choices; the first says {Check(choices[0], value, place, depth + 1)}";
        var type = schema["type"]?.GetValue<string>();
        if (value is null) return type is null || schema["nullable"]?.GetValue<bool>() == true ? null : $"{place}: null where {type} is wanted";
        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => one?.ToString() == value.ToString())) return $"{place}: '{value}' is none of the listed values";
        var kind = value.GetValueKind();
        return type switch
        {
            "object" => CheckObject(schema, value, place, depth),
            "array" => CheckArray(schema, value, place, depth),
            "string" => kind == JsonValueKind.String ? CheckFormat(schema, value.GetValue<string>(), place) : $"{place}: no string",
            "integer" => kind == JsonValueKind.Number && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out _) ? null : $"{place}: no whole number",
            "number" => kind == JsonValueKind.Number ? null : $"{place}: no number",
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False ? null : $"{place}: no boolean",
            _ => schema["properties"] is JsonObject ? CheckObject(schema, value, place, depth) : null,
        };
    }

    private string? CheckObject(JsonObject schema, JsonNode value, string place, int depth)
    {
        if (value is not JsonObject members) return $"{place}: no object";
        var required = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToList();
        if (required.Find(name => !members.ContainsKey(name)) is { } missing) return $"{place}: {missing} is missing";

        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, member) in members)
        {
            var inner = $"{place}.{name}";
            var wanted = properties[name] as JsonObject ?? schema["additionalProperties"] as JsonObject;

            // The documents mark nothing as nullable, while the recorded bodies are full of null: it stands for "not there".
            if (wanted is not null && (member is not null || required.Contains(name)) && Check(wanted, member, inner, depth + 1) is { } problem) return problem;
            if (wanted is null && schema["additionalProperties"] is JsonValue more && !more.GetValue<bool>()) return $"{inner}: not in the document";
        }

        return null;
    }

    private string? CheckArray(JsonObject schema, JsonNode value, string place, int depth)
    {
        if (value is not JsonArray items) return $"{place}: no array";
        if (schema["items"] is not JsonObject wanted) return null;
        for (var index = 0; index < items.Count; index++)
        {
            if (Check(wanted, items[index], $"{place}[{index}]", depth + 1) is { } problem) return problem;
        }

        return null;
    }

    private static string? CheckFormat(JsonObject schema, string text, string place) => schema["format"]?.GetValue<string>() switch
    {
        "date-time" when !DateTime().IsMatch(text) => $"{place}: '{text}' is no date and time",
        "uri" when !Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _) => $"{place}: '{text}' is no address",
        _ => null,
    };

    private static IEnumerable<JsonObject> Parts(JsonObject schema, string name) => (schema[name] as JsonArray ?? []).OfType<JsonObject>();

    // Jira writes its offsets without a colon, against the document's own format.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$")]
    private static partial Regex DateTime();
}
