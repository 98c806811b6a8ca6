using System.Text.Json;

namespace AgentSquad.Atlassian.Tests.Contracts;

/// <summary>
/// Holds what the client sends to a schema, more strictly than the schema asks: a property that it does not name is wrong even where further
/// ones are allowed (a misspelt name would be ignored by the site), and so is one that it marks as read-only.
/// </summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private const int DeepestCheck = 30;

    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name));
        }

        return element;
    }

    public IEnumerable<string> Check(JsonElement schema, JsonElement value, string at, int depth = 0)
    {
        schema = Resolve(schema);
        if (depth > DeepestCheck || schema.ValueKind != JsonValueKind.Object) return [];
        if (value.ValueKind == JsonValueKind.Null) return [];
        foreach (var choice in new[] { "oneOf", "anyOf" })
        {
            if (!schema.TryGetProperty(choice, out var choices)) continue;
            var results = choices.EnumerateArray().Select(one => Check(one, value, at, depth + 1).ToList()).ToList();
            if (results.TrueForAll(result => result.Count > 0)) return results[0];
        }

        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => one.ToString() == value.ToString()))
        {
            return [$"{at}: '{value}' is not allowed"];
        }

        var merged = Merge(schema);
        return (merged.Type, value.ValueKind) switch
        {
            ("object" or null, JsonValueKind.Object) when merged.Properties.Count > 0 || merged.Type == "object" => CheckObject(merged, value, at, depth),
            ("array", JsonValueKind.Array) => value.EnumerateArray()
                .SelectMany((item, index) => merged.Items is { } items ? Check(items, item, $"{at}[{index}]", depth + 1) : []),
            (null, _) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => [],
            ("integer", JsonValueKind.Number) => value.TryGetInt64(out _) ? [] : [$"{at}: no whole number"],
            _ => [$"{at}: {value.ValueKind} where {merged.Type} is described"],
        };
    }

    private IEnumerable<string> CheckObject(Merged schema, JsonElement value, string at, int depth)
    {
        foreach (var name in schema.Required.Where(name => !value.TryGetProperty(name, out _))) yield return $"{at}.{name} is missing";
        foreach (var property in value.EnumerateObject())
        {
            var place = $"{at}.{property.Name}";
            if (schema.Properties.TryGetValue(property.Name, out var described))
            {
                if (Resolve(described).TryGetProperty("readOnly", out var readOnly) && readOnly.GetBoolean()) yield return $"{place} is read-only";
                foreach (var problem in Check(described, property.Value, place, depth + 1)) yield return problem;
            }
            else if (schema.Additional is { } additional)
            {
                foreach (var problem in Check(additional, property.Value, place, depth + 1)) yield return problem;
            }
            else if (schema.Properties.Count > 0)
            {
                yield return $"{place} is not described";
            }
        }
    }

    private Merged Merge(JsonElement schema)
    {
        var merged = new Merged();
        foreach (var part in Parts(schema))
        {
            if (part.TryGetProperty("type", out var type)) merged.Type ??= type.GetString();
            if (part.TryGetProperty("items", out var items)) merged.Items = items;
            if (part.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.Object) merged.Additional = additional;
            if (part.TryGetProperty("required", out var required)) merged.Required.AddRange(required.EnumerateArray().Select(name => name.GetString()!));
            if (!part.TryGetProperty("properties", out var properties)) continue;
            foreach (var property in properties.EnumerateObject()) merged.Properties[property.Name] = property.Value;
        }

        return merged;
    }

    private IEnumerable<JsonElement> Parts(JsonElement schema)
    {
        schema = Resolve(schema);
        return schema.TryGetProperty("allOf", out var all) ? all.EnumerateArray().SelectMany(Parts).Append(schema) : [schema];
    }

    private sealed class Merged
    {
        public string? Type { get; set; }

        public JsonElement? Items { get; set; }

        public JsonElement? Additional { get; set; }

        public List<string> Required { get; } = [];

        public Dictionary<string, JsonElement> Properties { get; } = [];
    }
}
