using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using AgentSquad.Atlassian.Tests.Fakes;

namespace AgentSquad.Atlassian.Tests.Contracts;

/// <summary>An OpenAPI 3.0 document, asked whether a request that the client sent is one that it describes.</summary>
internal sealed class ApiDocument
{
    private readonly JsonElement _root;
    private readonly List<(string Method, Regex Path, int Literals, JsonElement Operation, JsonElement Item)> _operations = [];
    private readonly SchemaValidator _schemas;

    public ApiDocument(byte[] json, string prefix = "")
    {
        _root = JsonDocument.Parse(json).RootElement;
        _schemas = new SchemaValidator(_root);
        foreach (var path in _root.GetProperty("paths").EnumerateObject())
        {
            var template = prefix + path.Name;
            var pattern = new Regex("^" + Regex.Replace(Regex.Escape(template), @"\\\{[^}]+}", "[^/]+") + "$");
            foreach (var operation in path.Value.EnumerateObject().Where(member => member.Name is "get" or "put" or "post" or "delete"))
            {
                _operations.Add((operation.Name.ToUpperInvariant(), pattern, template.Split('{').Length, operation.Value, path.Value));
            }
        }
    }

    /// <summary>What is wrong with the request; null when the document has no such operation.</summary>
    public IReadOnlyList<string>? Check(ReceivedRequest request)
    {
        var found = _operations.Where(one => one.Method == request.Method && one.Path.IsMatch(request.Path)).OrderBy(one => one.Literals).ToList();
        if (found.Count == 0) return null;
        var (_, _, _, operation, item) = found[0];
        return [.. CheckQuery(operation, item, request), .. CheckBody(operation, request)];
    }

    private IEnumerable<string> CheckQuery(JsonElement operation, JsonElement item, ReceivedRequest request)
    {
        var parameters = new[] { operation, item }.SelectMany(holder => holder.TryGetProperty("parameters", out var list) ? list.EnumerateArray() : default)
            .Select(_schemas.Resolve).Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!);
        var query = HttpUtility.ParseQueryString(request.Query);
        foreach (var name in query.AllKeys.OfType<string>())
        {
            if (!parameters.TryGetValue(name, out var parameter))
            {
                yield return $"no query parameter {name}";
                continue;
            }

            var schema = _schemas.Resolve(parameter.GetProperty("schema"));
            var type = schema.TryGetProperty("type", out var declared) ? declared.GetString() : null;
            var value = query[name]!;
            if (type == "integer" && !long.TryParse(value, out _)) yield return $"query {name}={value} is no whole number";
            if (type == "boolean" && value is not ("true" or "false")) yield return $"query {name}={value} is no boolean";
            if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => one.GetString() == value)) yield return $"query {name}={value} is not allowed";
        }

        foreach (var (name, parameter) in parameters)
        {
            if (parameter.TryGetProperty("required", out var required) && required.GetBoolean() && query[name] is null) yield return $"query {name} is missing";
        }
    }

    private IEnumerable<string> CheckBody(JsonElement operation, ReceivedRequest request)
    {
        if (!operation.TryGetProperty("requestBody", out var holder)) return request.Body.Length > 0 ? ["a body where none is described"] : [];
        var content = _schemas.Resolve(holder).GetProperty("content");
        var type = request.ContentType?.Split(';')[0] ?? "";
        if (!content.TryGetProperty(type, out var described)) return [$"content type '{type}' is not described"];
        if (type != "application/json") return [];
        using var body = JsonDocument.Parse(request.Body);
        return _schemas.Check(described.GetProperty("schema"), body.RootElement, "body").ToList();
    }
}
