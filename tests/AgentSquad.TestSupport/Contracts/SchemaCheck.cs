using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSquad.TestSupport.Contracts;

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
    /// <param name="given">The schema.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="isRequest">Whether it is sent: then nothing read-only and no unnamed property may be in it.</param>
    public string? Check(JsonObject given, JsonNode? value, string place, bool isRequest) => Check(given, value, place, isRequest, 0);

    private string? Check(JsonObject given, JsonNode? value, string place, bool isRequest, int depth)
    {
        if (depth > DeepestCheck || Resolve(given) is not { } schema) return null;
        var choices = Parts(schema, "oneOf").Concat(Parts(schema, "anyOf")).ToList();
        if (choices.Count > 0 && choices.TrueForAll(choice => Check(choice, value, place, isRequest, depth + 1) is not null))
        {
            return $"{place}: fits none of {choices.Count} choices; the first says {Check(choices[0], value, place, isRequest, depth + 1)}";
        }

        var merged = Merge(schema);
        var type = (string?)merged["type"];
        if (value is null) return type is null || isRequest || (bool?)merged["nullable"] == true ? null : $"{place}: null where {type} is described";
        if (merged["enum"] is JsonArray allowed && !allowed.Any(one => one?.ToString() == value.ToString())) return $"{place}: '{value}' is not allowed";
        var kind = value.GetValueKind();
        return type switch
        {
            "object" => kind == JsonValueKind.Object ? CheckObject(merged, value.AsObject(), place, isRequest, depth) : Wrong(),
            "array" => kind == JsonValueKind.Array ? CheckArray(merged, value.AsArray(), place, isRequest, depth) : Wrong(),
            "string" => kind == JsonValueKind.String ? CheckFormat(merged, value.GetValue<string>(), place) : Wrong(),
            "integer" => kind == JsonValueKind.Number && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out _) ? null : Wrong(),
            "number" => kind == JsonValueKind.Number ? null : Wrong(),
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False ? null : Wrong(),
            _ => merged["properties"] is JsonObject { Count: > 0 } && value is JsonObject members ? CheckObject(merged, members, place, isRequest, depth) : null,
        };

        string Wrong() => $"{place}: {kind} where {type} is described";
    }

    private string? CheckObject(JsonObject schema, JsonObject members, string place, bool isRequest, int depth)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToList();
        if (required.Find(name => !members.ContainsKey(name)) is { } missing) return $"{place}.{missing} is missing";

        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, member) in members)
        {
            var inner = $"{place}.{name}";
            var named = properties[name] as JsonObject;
            if (isRequest && named is not null && (bool?)Resolve(named)?["readOnly"] == true) return $"{inner} is read-only";
            var wanted = named ?? schema["additionalProperties"] as JsonObject;

            // The documents mark nothing as nullable, while the recorded bodies are full of null: it stands for "not there".
            if (wanted is not null && (member is not null || required.Contains(name)) && Check(wanted, member, inner, isRequest, depth + 1) is { } problem) return problem;
            var further = (schema["additionalProperties"] as JsonValue)?.GetValue<bool>();
            if (wanted is null && (further == false || (properties.Count > 0 && (isRequest || further is null)))) return $"{inner} is not described";
        }

        return null;
    }

    private string? CheckArray(JsonObject schema, JsonArray items, string place, bool isRequest, int depth)
    {
        if (schema["items"] is not JsonObject wanted) return null;
        for (var index = 0; index < items.Count; index++)
        {
            if (Check(wanted, items[index], $"{place}[{index}]", isRequest, depth + 1) is { } problem) return problem;
        }

        return null;
    }

    // All parts of an allOf as one schema: a property that one part names is named for all.
    private JsonObject Merge(JsonObject schema)
    {
        if (schema["allOf"] is not JsonArray) return schema;
        var merged = new JsonObject();
        foreach (var part in Parts(schema, "allOf").Select(part => Merge(Resolve(part) ?? [])).Append(schema))
        {
            foreach (var (name, value) in part.Where(member => member.Key != "allOf"))
            {
                if (name == "properties" && merged["properties"] is JsonObject before)
                {
                    foreach (var (property, described) in value!.AsObject())
                    {
                        // Named by two parts, it is what both say.
                        before[property] = before[property] is { } first
                            ? new JsonObject { ["allOf"] = new JsonArray(first.DeepClone(), described?.DeepClone()) }
                            : described?.DeepClone();
                    }
                }
                else if (name == "required" && merged["required"] is JsonArray names)
                {
                    foreach (var one in value!.AsArray()) names.Add(one!.DeepClone());
                }
                else
                {
                    merged[name] = value?.DeepClone();
                }
            }
        }

        return merged;
    }

    private static string? CheckFormat(JsonObject schema, string text, string place) => (string?)schema["format"] switch
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
