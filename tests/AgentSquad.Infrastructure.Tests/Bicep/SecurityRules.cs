using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Infrastructure.Tests.Bicep;

/// <summary>The rules that every compiled template keeps, checked on what Azure would be sent.</summary>
internal static class SecurityRules
{
    private static readonly string[] SecretFunctions = ["listKeys", "listAccountSas", "listServiceSas", "listSecrets", "listConnectionStrings"];

    /// <summary>Every breach in the template and the templates nested in it, one sentence each.</summary>
    public static IReadOnlyList<string> Breaches(JsonObject template)
    {
        var breaches = new List<string>();
        Check(template, breaches);
        return breaches;
    }

    private static void Check(JsonObject template, List<string> breaches)
    {
        foreach (var resource in Resources(template)) CheckResource(resource, breaches);

        foreach (var (name, output) in template["outputs"] as JsonObject ?? [])
        {
            var value = output!["value"]?.ToJsonString() ?? "";
            if (output["type"]?.GetValue<string>() is "securestring" or "secureObject" || SecretFunctions.Any(value.Contains))
            {
                breaches.Add($"output {name} carries a secret");
            }
        }

        if (template["variables"]?.ToJsonString() is { } variables && SecretFunctions.Any(variables.Contains))
        {
            breaches.Add("a variable reads an account key");
        }
    }

    private static void CheckResource(JsonObject resource, List<string> breaches)
    {
        var type = resource["type"]?.GetValue<string>();
        var properties = resource["properties"] as JsonObject;
        switch (type)
        {
            case "Microsoft.Storage/storageAccounts" when resource["existing"] is null:
                Expect(properties, "supportsHttpsTrafficOnly", "true", type, breaches);
                Expect(properties, "minimumTlsVersion", "\"TLS1_2\"", type, breaches);
                Expect(properties, "allowBlobPublicAccess", "false", type, breaches);
                Expect(properties, "allowSharedKeyAccess", "false", type, breaches);
                break;
            case "Microsoft.Storage/storageAccounts/blobServices/containers":
                Expect(properties, "publicAccess", "\"None\"", type, breaches);
                break;
            case "Microsoft.Web/sites" when resource["existing"] is null:
                Expect(properties, "httpsOnly", "true", type, breaches);
                Expect(properties?["siteConfig"] as JsonObject, "minTlsVersion", "\"1.2\"", type, breaches);
                Expect(properties?["siteConfig"] as JsonObject, "ftpsState", "\"Disabled\"", type, breaches);
                break;
            case "Microsoft.KeyVault/vaults" when resource["existing"] is null:
                Expect(properties, "enableRbacAuthorization", "true", type, breaches);
                break;
            case "Microsoft.Web/sites/config":
                // An expression when it refers to other resources, an object otherwise.
                CheckSettings(resource["properties"], breaches);
                break;
            case "Microsoft.Resources/deployments":
                Check((JsonObject)properties!["template"]!, breaches);
                break;
        }
    }

    private static void CheckSettings(JsonNode? settings, List<string> breaches)
    {
        var text = settings?.ToJsonString() ?? "";
        foreach (var function in SecretFunctions.Where(text.Contains)) breaches.Add($"app settings call {function}");
        if (text.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase)) breaches.Add("app settings hold an account key");
    }

    private static void Expect(JsonObject? properties, string name, string json, string type, List<string> breaches)
    {
        var actual = properties?[name]?.ToJsonString(JsonSerializerOptions.Default);
        if (actual != json) breaches.Add($"{type}: {name} is {actual ?? "not set"}, must be {json}");
    }

    // Templates list resources as an array, or by symbolic name as an object.
    private static IEnumerable<JsonObject> Resources(JsonObject template) => template["resources"] switch
    {
        JsonArray list => list.OfType<JsonObject>(),
        JsonObject named => named.Select(pair => pair.Value).OfType<JsonObject>(),
        _ => [],
    };
}
