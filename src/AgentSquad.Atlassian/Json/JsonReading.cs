using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentSquad.Atlassian.Json;

/// <summary>Reads JSON that others wrote: a missing or oddly typed part is null, never an exception.</summary>
internal static partial class JsonReading
{
    /// <summary>The property's value, or null when the element is no object, lacks it or holds JSON null.</summary>
    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    /// <summary>The property's value when it is an object.</summary>
    public static JsonElement? ObjectChild(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>The property's items when it is an array, else none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>The property as text: a string as it is, a number or boolean as written, anything else null.</summary>
    public static string? Text(this JsonElement element, string name) => element.Child(name)?.Text();

    /// <summary>The element as text: a string as it is, a number or boolean as written, anything else null.</summary>
    public static string? Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => StringOf(element),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    /// <summary>The property as a boolean; anything else is null.</summary>
    public static bool? Flag(this JsonElement element, string name) => element.Child(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The property as a whole number (or a string of one); anything else is null.</summary>
    public static long? Whole(this JsonElement element, string name) =>
        long.TryParse(element.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // JSON may escape half a surrogate pair, which .NET refuses to make a string of; the half becomes U+FFFD and the rest survives.
    private static string StringOf(JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            var repaired = SurrogateEscapes().Replace(element.GetRawText(), match => match.Groups["pair"].Success ? match.Value : "\\uFFFD");
            using var document = JsonDocument.Parse(repaired);
            return document.RootElement.GetString() ?? "";
        }
    }

    // An escaped backslash is consumed first, so that the text \\ud800 is left alone.
    [GeneratedRegex(@"(?<pair>\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")]
    private static partial Regex SurrogateEscapes();
}
