using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>host.json with the overrides that Azure Functions knows: settings named <c>AzureFunctionsJobHost__section__name</c>.</summary>
internal static class HostJson
{
    /// <summary>Prefix of overriding settings.</summary>
    public const string OverrideSection = "AzureFunctionsJobHost";

    /// <summary>Comments and trailing commas are fine, as with the official tools.</summary>
    public static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads host.json from the app's folder; a missing file means all defaults.</summary>
    public static IConfigurationRoot Load(IConfiguration settings)
    {
        var path = Path.Combine(HostConfiguration.RootOf(settings), "host.json");
        var builder = new ConfigurationBuilder();
        if (File.Exists(path)) builder.AddInMemoryCollection(Read(path));
        var overrides = settings.GetSection(OverrideSection).AsEnumerable(makePathsRelative: true).Where(value => value.Value is not null);
        builder.AddInMemoryCollection(overrides.ToArray());
        return builder.Build();
    }

    private static Dictionary<string, string?> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            Flatten(document.RootElement, "", values);
            return values;
        }
        catch (JsonException problem)
        {
            throw new HostStartException($"{path} is not valid JSON (line {problem.LineNumber + 1}): correct it.", problem);
        }
    }

    private static void Flatten(JsonElement element, string path, Dictionary<string, string?> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject()) Flatten(property.Value, Join(path, property.Name), values);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray()) Flatten(item, Join(path, $"{index++}"), values);
                break;
            case JsonValueKind.Null:
                break;
            default:
                values[path] = element.ToString();
                break;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
