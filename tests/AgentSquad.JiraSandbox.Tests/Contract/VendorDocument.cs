using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.TestSupport;

namespace AgentSquad.JiraSandbox.Tests.Contract;

/// <summary>The vendor's OpenAPI documents, where they are beside the repository. Read as plain JSON, which is what they are.</summary>
internal sealed partial class VendorDocument
{
    private static readonly Lazy<VendorDocument?> JiraDocument = new(() => Read("jira-cloud-platform-v3.openapi.json", prefix: ""));
    private static readonly Lazy<VendorDocument?> ConfluenceDocument = new(() => Read("confluence-cloud-v2.openapi.json", prefix: "/wiki/api/v2"));

    private readonly Dictionary<string, VendorOperation> _operations = [];

    private VendorDocument(JsonObject root, string prefix)
    {
        var check = new SchemaCheck(root);
        foreach (var (path, item) in root["paths"]!.AsObject())
        {
            var whole = path.StartsWith(prefix, StringComparison.Ordinal) ? path : prefix + path;
            foreach (var (method, operation) in item!.AsObject().Where(member => member.Key is "get" or "put" or "post" or "delete" or "patch"))
                _operations[$"{method.ToUpperInvariant()} {Normal(whole)}"] = new VendorOperation(operation!.AsObject(), check);
        }
    }

    public static VendorDocument? Jira => JiraDocument.Value;

    public static VendorDocument? Confluence => ConfluenceDocument.Value;

    /// <summary>A path template with the names of its parameters taken out.</summary>
    public static string Normal(string template) => Parameter().Replace(template, "{}").TrimEnd('/');

    /// <summary>The operation for a path template, or null.</summary>
    public VendorOperation? Find(string method, string template) => _operations.GetValueOrDefault($"{method} {Normal(template)}");

    private static VendorDocument? Read(string file, string prefix) =>
        RepositoryPaths.InShared("atlassian", file) is { } path ? new VendorDocument(JsonNode.Parse(File.ReadAllBytes(path))!.AsObject(), prefix) : null;

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}

/// <summary>One operation of a document.</summary>
internal sealed class VendorOperation(JsonObject operation, SchemaCheck check)
{
    /// <summary>What is wrong with an answer, or null.</summary>
    public string? CheckAnswer(int status, string body)
    {
        var response = check.Resolve(operation["responses"]?[$"{status}"] as JsonObject);
        if (response is null) return $"the document has no answer {status}";
        if (JsonSchema(response) is not { Count: > 0 } schema) return null;
        return body.Length == 0 ? "the body is empty" : check.Check(schema, JsonNode.Parse(body), "$");
    }

    /// <summary>What is wrong with a request's body, or null.</summary>
    public string? CheckRequest(string? body) =>
        string.IsNullOrEmpty(body) || JsonSchema(check.Resolve(operation["requestBody"] as JsonObject)) is not { } schema
            ? null
            : check.Check(schema, JsonNode.Parse(body), "$");

    /// <summary>What is wrong with the names in a query, or null.</summary>
    public string? CheckQuery(IEnumerable<string> names)
    {
        var known = (operation["parameters"] as JsonArray ?? []).OfType<JsonObject>().Select(check.Resolve)
            .Where(parameter => parameter!["in"]!.GetValue<string>() == "query").Select(parameter => parameter!["name"]!.GetValue<string>()).ToHashSet();
        return names.FirstOrDefault(name => !known.Contains(name)) is { } unknown ? $"the document has no query parameter {unknown}" : null;
    }

    private static JsonObject? JsonSchema(JsonObject? holder) =>
        (holder?["content"] as JsonObject)?.FirstOrDefault(content => content.Key.StartsWith("application/json", StringComparison.Ordinal)).Value?["schema"] as JsonObject;
}
