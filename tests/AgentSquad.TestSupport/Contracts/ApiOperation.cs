using System.Text.Json.Nodes;
using System.Web;

namespace AgentSquad.TestSupport.Contracts;

/// <summary>One operation of a document.</summary>
public sealed class ApiOperation
{
    private readonly JsonObject _operation;
    private readonly JsonObject _path;
    private readonly SchemaCheck _check;

    internal ApiOperation(JsonObject operation, JsonObject path, SchemaCheck check) => (_operation, _path, _check) = (operation, path, check);

    /// <summary>Where a schema that was written by hand comes from.</summary>
    public string? Source => (string?)_operation["x-source"];

    /// <summary>Whether the vendor is about to remove it, or has done so already.</summary>
    public bool IsDeprecated => (bool?)_operation["deprecated"] == true;

    /// <summary>
    /// What is wrong with a request. More strict than the document: a property that it does not name is wrong even where further ones are
    /// allowed, because the site would ignore a misspelt name.
    /// </summary>
    /// <param name="query">The query, with or without its question mark.</param>
    /// <param name="contentType">Content type; null when there is no body.</param>
    /// <param name="body">The body; empty when there is none.</param>
    public IReadOnlyList<string> CheckRequest(string query, string? contentType, string body) => [.. CheckQuery(query), .. CheckBody(contentType, body)];

    /// <summary>
    /// What is wrong with an answer, or null. Of a schema that names properties, those have to be all, unless it says what further ones look
    /// like: an answer with an invented property would let a client be written against it.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body; empty when there is none.</param>
    public string? CheckAnswer(int status, string body)
    {
        var response = _check.Resolve(_operation["responses"]?[$"{status}"] as JsonObject);
        if (response is null) return $"the document has no answer {status}";
        if (response["content"] is not JsonObject { Count: > 0 } content) return null;
        if (content.FirstOrDefault(one => one.Key.StartsWith("application/json", StringComparison.Ordinal)).Value?["schema"] is not JsonObject { Count: > 0 } schema) return null;
        return body.Length == 0 ? "the body is empty" : _check.Check(schema, JsonNode.Parse(body), "$", isRequest: false);
    }

    private IEnumerable<string> CheckQuery(string text)
    {
        var parameters = ((_operation["parameters"] as JsonArray) ?? []).Concat((_path["parameters"] as JsonArray) ?? []).OfType<JsonObject>()
            .Select(parameter => _check.Resolve(parameter)!).Where(parameter => (string?)parameter["in"] == "query")
            .ToDictionary(parameter => (string)parameter["name"]!);
        var query = HttpUtility.ParseQueryString(text);
        foreach (var name in query.AllKeys.OfType<string>())
        {
            if (!parameters.TryGetValue(name, out var parameter))
            {
                yield return $"no query parameter {name}";
                continue;
            }

            var value = query[name]!;
            var schema = _check.Resolve(parameter["schema"] as JsonObject);
            switch ((string?)schema?["type"])
            {
                case "integer" when !long.TryParse(value, out _): yield return $"query {name}={value} is no whole number"; break;
                case "boolean" when value is not ("true" or "false"): yield return $"query {name}={value} is no boolean"; break;
            }

            if (schema?["enum"] is JsonArray allowed && !allowed.Any(one => one?.ToString() == value)) yield return $"query {name}={value} is not allowed";
        }

        foreach (var (name, parameter) in parameters)
        {
            if ((bool?)parameter["required"] == true && query[name] is null) yield return $"query {name} is missing";
        }
    }

    private IEnumerable<string> CheckBody(string? contentType, string body)
    {
        if (_check.Resolve(_operation["requestBody"] as JsonObject)?["content"] is not JsonObject content) return body.Length > 0 ? ["a body where none is described"] : [];
        var type = contentType?.Split(';')[0] ?? "";
        if (content[type] is not JsonObject described) return [$"content type '{type}' is not described"];
        if (type != "application/json" || described["schema"] is not JsonObject schema) return [];
        return _check.Check(schema, JsonNode.Parse(body), "body", isRequest: true) is { } problem ? [problem] : [];
    }
}
