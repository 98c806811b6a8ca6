using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentSquad.TestSupport.Contracts;

/// <summary>
/// OpenAPI documents, asked whether requests and answers are ones that they describe: the vendor's, where they are beside the repository, and
/// the repository's own for operations that the vendor's do not have. Read as plain JSON, which is what they are.
/// </summary>
public sealed partial class ApiDocument
{
    private static readonly Lazy<ApiDocument?> JiraDocument = new(() => Vendor("jira-cloud-platform-v3.openapi.json", prefix: ""));
    private static readonly Lazy<ApiDocument?> ConfluenceDocument = new(() => Vendor("confluence-cloud-v2.openapi.json", prefix: "/wiki/api/v2"));
    private static readonly Lazy<ApiDocument> WrittenDocument = new(() => new ApiDocument(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "undocumented-operations.openapi.json")), prefix: ""));

    private readonly List<(string Method, Regex Path, int Holes, ApiOperation Operation)> _operations = [];

    private ApiDocument(byte[] json, string prefix)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        var check = new SchemaCheck(root);
        foreach (var (path, item) in root["paths"]!.AsObject())
        {
            var template = path.StartsWith(prefix, StringComparison.Ordinal) ? path : prefix + path;
            var pattern = new Regex("^" + Hole().Replace(Regex.Escape(template), "[^/]+") + "/?$", RegexOptions.CultureInvariant);
            foreach (var (method, operation) in item!.AsObject().Where(member => member.Key is "get" or "put" or "post" or "delete" or "patch"))
            {
                _operations.Add((method.ToUpperInvariant(), pattern, template.Split('{').Length, new ApiOperation(operation!.AsObject(), item.AsObject(), check)));
            }
        }
    }

    /// <summary>Jira Cloud's REST API v3; null where the document is not on the machine.</summary>
    public static ApiDocument? Jira => JiraDocument.Value;

    /// <summary>Confluence Cloud's REST API v2; null where the document is not on the machine.</summary>
    public static ApiDocument? Confluence => ConfluenceDocument.Value;

    /// <summary>Operations that neither has, each with its source and a schema written by hand.</summary>
    public static ApiDocument Written => WrittenDocument.Value;

    /// <summary>Whether the vendor's documents are on the machine.</summary>
    public static bool VendorsAreHere => Jira is not null && Confluence is not null;

    /// <summary>The operation of a request, in the vendor's documents first; null when none has it.</summary>
    public static ApiOperation? Of(string method, string path) => Jira?.Find(method, path) ?? Confluence?.Find(method, path) ?? Written.Find(method, path);

    /// <summary>The operation of this document, the one with the fewest parameters in its path first.</summary>
    public ApiOperation? Find(string method, string path) =>
        _operations.Where(one => one.Method == method && one.Path.IsMatch(path)).OrderBy(one => one.Holes).Select(one => one.Operation).FirstOrDefault();

    private static ApiDocument? Vendor(string file, string prefix) =>
        RepositoryPaths.InShared("atlassian", file) is { } path ? new ApiDocument(File.ReadAllBytes(path), prefix) : null;

    [GeneratedRegex(@"\\\{[^}]+}")]
    private static partial Regex Hole();
}
