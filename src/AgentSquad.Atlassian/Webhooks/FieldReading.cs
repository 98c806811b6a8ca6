using System.Text.Json;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>Reads a ticket's own fields as the texts that people see, for policies that filter by them.</summary>
internal static class FieldReading
{
    private const string OwnPrefix = "customfield_";
    private const int MostValues = 50;

    /// <summary>Names of the components; null when the fields do not list them.</summary>
    public static IReadOnlyList<string>? ComponentsOf(JsonElement? fields) => fields?.Child("components") is { ValueKind: JsonValueKind.Array } components
        ? [.. components.EnumerateArray().Select(component => component.Text("name")).OfType<string>()]
        : null;

    /// <summary>Values of a project's own fields by field id; null when the payload carries none of them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>>? OwnFieldsOf(JsonElement? fields)
    {
        if (fields is not { ValueKind: JsonValueKind.Object } present) return null;
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in present.EnumerateObject().Where(field => field.Name.StartsWith(OwnPrefix, StringComparison.Ordinal)))
        {
            values[field.Name] = TextsOf(field.Value);
        }

        return values.Count > 0 ? values : null;
    }

    /// <summary>A field's values as people see them; none when it is empty.</summary>
    public static IReadOnlyList<string> TextsOf(JsonElement? value) => value is { } present ? [.. ValuesOf(present).Take(MostValues)] : [];

    // A select is an object with a value, a person or version one with a name; a list holds any of these.
    private static IEnumerable<string> ValuesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Array).SelectMany(ValuesOf),
        JsonValueKind.Object => (value.Text("value") ?? value.Text("name") ?? value.Text("displayName") ?? value.Text("key")) is { } text
            ? [text, .. value.ObjectChild("child") is { } child ? ValuesOf(child) : []]
            : [],
        _ => value.Text() is { } text ? [text] : [],
    };
}
