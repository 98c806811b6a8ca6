using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.JiraSandbox.Tests.Support;
using AgentSquad.TestSupport.Contracts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.JiraSandbox.Tests.Contract;

/// <summary>Every operation of the sandbox that the vendor documents is called here, and what goes in and out is held to the document.</summary>
public sealed partial class ContractTests
{
    private const string NoDocuments = "The vendor's OpenAPI documents are not beside the repository (../shared/atlassian).";

    [SkippableFact]
    public async Task EveryOperation_CalledOnce_FitsTheVendorsDocument()
    {
        Skip.If(!ApiDocument.VendorsAreHere, NoDocuments);
        await using var sandbox = await Sandbox.StartAsync();
        var first = await sandbox.CreateAsync("first", "one");
        var second = await sandbox.CreateAsync("second");
        var called = new HashSet<string>();
        var problems = new List<string>();

        async Task<JsonNode?> CallAsync(string call, string? body = null, HttpClient? client = null)
        {
            var (method, path) = (call.Split(' ')[0], call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var answer = await (client ?? sandbox.Reporter).SendJsonAsync(new HttpMethod(method), path, body is null ? null : JsonNode.Parse(body));
            var template = Template(sandbox, method, path.Split('?')[0]);
            called.Add($"{method} {Normal(template)}");
            problems.AddRange(Problems(method, path, body, answer));

            return answer.Body.Length == 0 ? null : JsonNode.Parse(answer.Body);
        }

        const string doc = """{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}""";
        foreach (var path in (string[])
            ["serverInfo", "myself?expand=groups", "user?accountId=sandbox-bot", "user/search?query=rita", "user/assignable/search?issueKey=" + first,
             "user/groups?accountId=sandbox-bot", "users/search", "project", "project/search", "project/TEST", "project/TEST/statuses", "project/TEST/components",
             "status", "status/10001", "issuetype", "priority", "field", "mypermissions?permissions=ADD_COMMENTS,ADMINISTER", "issueLinkType",
             "groups/picker?query=jira", "group/member?groupname=jira-administrators", "role", "project/TEST/role", "project/TEST/role/10003",
             "securitylevel/10000", "project/TEST/securitylevel", "issue/createmeta/TEST/issuetypes", "issue/createmeta/TEST/issuetypes/10002", "attachment/meta"])
            await CallAsync("GET /rest/api/3/" + path);

        var issue = $"/rest/api/3/issue/{first}";
        await CallAsync("POST /rest/api/3/issue", $$$"""{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Sub-task"},"summary":"s","parent":{"key":"{{{second}}}"},"description":{{{doc}}}},"properties":[{"key":"p","value":1}]}""");
        await CallAsync("POST /rest/api/3/issue", """{"fields":{}}""");
        await CallAsync($"PUT {issue}?notifyUsers=false", """{"fields":{"security":{"id":"10000"},"assignee":{"accountId":"sandbox-bot"}},"update":{"labels":[{"add":"two"}]}}""");
        await CallAsync($"PUT {issue}/assignee", """{"accountId":"sandbox-rita"}""");
        await CallAsync($"GET {issue}/editmeta");
        await CallAsync($"GET {issue}/changelog");
        await CallAsync($"GET {issue}/transitions?expand=transitions.fields");
        await CallAsync($"POST {issue}/transitions", """{"transition":{"id":"21"}}""");
        var comment = await CallAsync($"POST {issue}/comment?expand=properties", $$$"""{"body":{{{doc}}},"visibility":{"type":"role","value":"Developers"},"properties":[{"key":"agentsquad","value":{"key":"k"}}]}""");
        var id = comment!["id"]!.GetValue<string>();
        await CallAsync($"PUT {issue}/comment/{id}?notifyUsers=false&expand=properties", $$$"""{"body":{{{doc}}}}""");
        await CallAsync($"GET {issue}/comment?expand=properties&maxResults=10&startAt=0");
        await CallAsync($"GET {issue}/comment/{id}");
        foreach (var owner in (string[])[$"/rest/api/3/comment/{id}", issue])
        {
            await CallAsync($"PUT {owner}/properties/other", """{"a":1}""");
            await CallAsync($"GET {owner}/properties");
            await CallAsync($"GET {owner}/properties/other");
            await CallAsync($"DELETE {owner}/properties/other");
        }

        await CallAsync("POST /rest/api/3/issueLink", $$$"""{"type":{"name":"Blocks"},"inwardIssue":{"key":"{{{first}}}"},"outwardIssue":{"key":"{{{second}}}"}}""");
        var link = (await sandbox.Reporter.ReadAsync($"{issue}?fields=issuelinks")).Json["fields"]!["issuelinks"]![0]!["id"];
        await CallAsync($"GET /rest/api/3/issueLink/{link}");
        var remote = await CallAsync($"POST {issue}/remotelink", """{"globalId":"g","object":{"url":"https://example.invalid/","title":"t"}}""");
        await CallAsync($"GET {issue}/remotelink/{remote!["id"]}");
        await CallAsync($"GET {issue}/remotelink?globalId=g");

        // Without a global id the document says one link too; its example and every site answer a list of what it describes.
        foreach (var one in (await sandbox.Reporter.ReadAsync($"{issue}/remotelink")).Json.AsArray())
        {
            problems.AddRange(Problems("GET", $"{issue}/remotelink", null, new Answer(200, one!.ToJsonString(), null!)));
        }

        await CallAsync($"PUT {issue}/remotelink/{remote["id"]}", """{"globalId":"g","object":{"url":"https://example.invalid/","title":"u"}}""");
        using (var upload = await UploadAsync(sandbox, issue))
        {
            called.Add("POST /rest/api/3/issue/{}/attachments");
            var attachments = ApiDocument.Jira!.Find("POST", $"{issue}/attachments")!;
            problems.AddRange(attachments.CheckRequest("", "multipart/form-data", "a file"));
            problems.AddRange(attachments.CheckAnswer((int)upload.StatusCode, await upload.Content.ReadAsStringAsync()) is { } wrong ? [$"attachments: {wrong}"] : []);
        }

        var file = (await sandbox.Reporter.ReadAsync($"{issue}?fields=attachment")).Json["fields"]!["attachment"]![0]!["id"];
        await CallAsync($"GET /rest/api/3/attachment/{file}");
        using (var content = await sandbox.Reporter.GetAsync($"/rest/api/3/attachment/content/{file}?redirect=false"))
        {
            called.Add("GET /rest/api/3/attachment/content/{}");
            problems.AddRange(ApiDocument.Jira!.Find("GET", $"/rest/api/3/attachment/content/{file}")!.CheckAnswer((int)content.StatusCode, "") is { } wrong ? [$"content: {wrong}"] : []);
        }

        await CallAsync($"GET {issue}?fields=*all&expand=transitions,changelog,names&properties=*all");
        await CallAsync($"GET /rest/api/3/search/jql?jql=project%3DTEST&fields=*all&maxResults=1");
        await CallAsync("POST /rest/api/3/search/jql", """{"jql":"project = TEST","fields":["summary"],"maxResults":2}""");
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            // The document still has it as it was; since its removal every site answers 410.
            var answer = await sandbox.Reporter.SendJsonAsync(method, "/rest/api/3/search?jql=project%3DTEST", method == HttpMethod.Post ? new JsonObject { ["jql"] = "project = TEST" } : null);
            called.Add($"{method} /rest/api/3/search");
            problems.AddRange(ApiDocument.Written.Find(method.Method, "/rest/api/3/search")!.CheckAnswer(answer.Status, answer.Body) is { } wrong ? [$"search: {wrong}"] : []);
        }

        // For Connect and OAuth apps only, which an account with a token is not.
        await CallAsync("GET /rest/api/3/webhook");
        await CallAsync("POST /rest/api/3/webhook", """{"url":"https://x.invalid/","webhooks":[{"events":["comment_created"],"jqlFilter":"project = TEST"}]}""");
        await CallAsync("DELETE /rest/api/3/webhook", """{"webhookIds":[1]}""");

        await CallAsync($"DELETE /rest/api/3/attachment/{file}");
        await CallAsync($"DELETE {issue}/remotelink/{remote["id"]}");
        await CallAsync($"POST {issue}/remotelink", """{"globalId":"h","object":{"url":"https://example.invalid/","title":"t"}}""");
        await CallAsync($"DELETE {issue}/remotelink?globalId=h");
        await CallAsync($"DELETE /rest/api/3/issueLink/{link}");
        await CallAsync($"DELETE {issue}/comment/{id}");
        await CallAsync($"DELETE {issue}");
        await CallAsync($"GET {issue}");

        var spaces = await CallAsync("GET /wiki/api/v2/spaces?keys=TEST");
        var space = spaces!["results"]![0]!["id"]!.GetValue<string>();
        await CallAsync($"GET /wiki/api/v2/spaces/{space}");
        await CallAsync($"GET /wiki/api/v2/spaces/{space}/operations");
        await CallAsync("GET /wiki/rest/api/search?cql=space%3DTEST&limit=5");
        var page = await CallAsync("POST /wiki/api/v2/pages", $$$"""{"spaceId":"{{{space}}}","status":"current","title":"t","body":{"representation":"storage","value":"<p>x</p>"}}""");
        await CallAsync($"GET /wiki/api/v2/pages/{page!["id"]}?body-format=storage");
        await CallAsync($"GET /wiki/api/v2/pages?space-id={space}&title=t");
        await CallAsync($"PUT /wiki/api/v2/pages/{page["id"]}", $$$"""{"id":"{{{page["id"]}}}","status":"current","title":"t","version":{"number":2},"body":{"representation":"storage","value":"<p>y</p>"}}""");
        var text = JsonValue.Create(doc).ToJsonString();
        await CallAsync($"PUT /wiki/api/v2/pages/{page["id"]}", $$$"""{"id":"{{{page["id"]}}}","status":"current","title":"t","version":{"number":3},"body":{"representation":"atlas_doc_format","value":{{{text}}}}}""");
        await CallAsync($"GET /wiki/api/v2/pages/{page["id"]}?body-format=atlas_doc_format");
        await CallAsync($"DELETE /wiki/api/v2/pages/{page["id"]}");

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        var never = Routes(sandbox, "/rest/api/3/", "/wiki/").Where(route => !called.Contains(route)).ToList();
        Assert.True(never.Count == 0, "Not called here: " + string.Join(", ", never));
    }

    [SkippableFact]
    public async Task Check_PlantedWrongField_IsFound()
    {
        Skip.If(!ApiDocument.VendorsAreHere, NoDocuments);
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var operation = ApiDocument.Jira!.Find("GET", $"/rest/api/3/issue/{key}")!;
        var body = (await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}?expand=transitions")).Json;

        Assert.Null(operation.CheckAnswer(200, body.ToJsonString()));
        body["issueKey"] = "TEST-1";
        Assert.Contains("issueKey", operation.CheckAnswer(200, body.ToJsonString()), StringComparison.Ordinal);
        body.AsObject().Remove("issueKey");
        body["transitions"]![0]!["hasScreen"] = "no";
        Assert.Contains("hasScreen", operation.CheckAnswer(200, body.ToJsonString()), StringComparison.Ordinal);

        // Confluence's document closes none of its schemas.
        var spaces = (await sandbox.Reporter.ReadAsync("/wiki/api/v2/spaces")).Json;
        spaces["results"]![0]!["spaceKey"] = "TEST";
        Assert.Contains("spaceKey is not described", ApiDocument.Confluence!.Find("GET", "/wiki/api/v2/spaces")!.CheckAnswer(200, spaces.ToJsonString()), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Problems(string method, string path, string? body, Answer answer)
    {
        var (plain, query) = (path.Split('?')[0], path.Contains('?', StringComparison.Ordinal) ? path[path.IndexOf('?', StringComparison.Ordinal)..] : "");
        if (ApiDocument.Of(method, plain) is not { } operation) return [$"{method} {plain}: in no document"];
        return operation.CheckRequest(query, body is null ? null : "application/json", body ?? "").Select(problem => $"{method} {path}: request: {problem}")
            .Concat(operation.CheckAnswer(answer.Status, answer.Body) is { } wrong ? [$"{method} {path}: {answer.Status} {wrong} {answer.Body[..Math.Min(200, answer.Body.Length)]}"] : []);
    }

    /// <summary>A path template with the names of its parameters taken out.</summary>
    private static string Normal(string template) => Parameter().Replace(template, "{}").TrimEnd('/');

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    private static IEnumerable<RouteEndpoint> Endpoints(Sandbox sandbox, params string[] prefixes) => sandbox.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText is { } text && Array.Exists(prefixes, prefix => text.StartsWith(prefix, StringComparison.Ordinal)));

    private static IEnumerable<string> Routes(Sandbox sandbox, params string[] prefixes) => Endpoints(sandbox, prefixes).SelectMany(endpoint =>
        endpoint.Metadata.OfType<HttpMethodMetadata>().SelectMany(metadata => metadata.HttpMethods)
            .Select(method => $"{method} {Normal(endpoint.RoutePattern.RawText!)}")).Distinct();

    private static string Template(Sandbox sandbox, string method, string path)
    {
        var parts = path.Split('/');
        bool Fits(RouteEndpoint endpoint)
        {
            var pattern = endpoint.RoutePattern.RawText!.Split('/');
            return pattern.Length == parts.Length && pattern.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second)
                && endpoint.Metadata.OfType<HttpMethodMetadata>().Any(metadata => metadata.HttpMethods.Contains(method));
        }

        return Endpoints(sandbox, "/rest/", "/wiki/").Where(Fits).Select(endpoint => endpoint.RoutePattern.RawText!)
            .OrderBy(text => text.Count(character => character == '{')).FirstOrDefault() ?? path;
    }

    private static async Task<HttpResponseMessage> UploadAsync(Sandbox sandbox, string issue)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{issue}/attachments");
        request.Headers.Add("X-Atlassian-Token", "no-check");
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), "file", "a.txt" } };
        request.Content = form;
        return await sandbox.Reporter.SendAsync(request);
    }
}
