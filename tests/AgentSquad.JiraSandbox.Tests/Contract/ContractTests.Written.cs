using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;
using AgentSquad.TestSupport.Contracts;

namespace AgentSquad.JiraSandbox.Tests.Contract;

public sealed partial class ContractTests
{
    private static readonly string[] Reads =
    [
        "serverInfo", "myself?expand=groups", "user/assignable/search?issueKey=TEST-1", "project", "project/search", "project/TEST", "project/TEST/statuses",
        "project/TEST/components", "status", "status/10001", "issuetype", "priority", "field", "issueLinkType", "groups/picker?query=jira",
        "group/member?groupname=jira-administrators", "role", "project/TEST/role", "project/TEST/role/10002", "securitylevel/10000",
        "project/TEST/securitylevel", "issue/createmeta/TEST/issuetypes", "issue/createmeta/TEST/issuetypes/10002", "attachment/meta", "issue/TEST-1/editmeta",
        "issue/TEST-1/changelog", "issue/TEST-1/transitions", "issue/TEST-1?fields=*all&expand=transitions,changelog,names&properties=*all", "issue/TEST-1/comment",
    ];

    /// <summary>Operations of a Data Center that no schema can hold, with the reason.</summary>
    private static readonly Dictionary<string, string> NotJson = new()
    {
        ["POST /rest/api/2/issue/{}/attachments"] = "Multipart in; its answer is checked below.",
        ["GET /rest/api/2/attachment/content/{}"] = "Cloud's address of a file's bytes; the handlers are shared.",
        ["GET /rest/api/2/search/jql"] = "Cloud's search; the handlers are shared, and Data Center's client never asks.",
        ["POST /rest/api/2/search/jql"] = "Cloud's search; the handlers are shared, and Data Center's client never asks.",
    };

    [Fact]
    public void Written_EveryOperation_NamesItsSource()
    {
        var root = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "undocumented-operations.openapi.json")))!;
        foreach (var (path, item) in root["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                Assert.True(operation!["x-source"]?.GetValue<string>().Length > 10, $"{method} {path} names no source.");
                Assert.True(operation["responses"] is JsonObject { Count: > 0 }, $"{method} {path} describes no answer.");
            }
        }
    }

    [SkippableFact]
    public async Task EveryRead_OfVersion2OnCloud_FitsTheVendorsDocument()
    {
        Skip.If(ApiDocument.Jira is null, NoDocuments);
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.CreateAsync("first", "one");
        var problems = new List<string>();
        foreach (var read in Reads.Append("mypermissions?permissions=ADD_COMMENTS").Append("user/groups?accountId=sandbox-bot"))
        {
            // The same operations in version 3, but for text, which the document leaves open.
            problems.AddRange(Problems("GET", "/rest/api/3/" + read, null, await sandbox.Reporter.ReadAsync("/rest/api/2/" + read)));
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task EveryOperation_OfDataCenter_FitsTheWrittenSchema()
    {
        await using var sandbox = await Sandbox.StartAsync(("Sandbox__Deployment", "DataCenter"));
        sandbox.Reporter.DefaultRequestHeaders.Add("X-ExperimentalApi", "opt-in");
        var called = new HashSet<string>();
        var problems = new List<string>();

        async Task<JsonNode?> CallAsync(string call, string? body = null)
        {
            var (method, path) = (call.Split(' ')[0], call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var answer = await sandbox.Reporter.SendJsonAsync(new HttpMethod(method), path, body is null ? null : JsonNode.Parse(body));
            called.Add($"{method} {Normal(Template(sandbox, method, path.Split('?')[0]))}");
            problems.AddRange(Problems(method, path, body, answer));
            return answer.Body.Length == 0 ? null : JsonNode.Parse(answer.Body);
        }

        const string api = "/rest/api/2";
        await CallAsync($"POST {api}/issue", """{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Task"},"summary":"first","description":"*text*","labels":["one"]}}""");
        await CallAsync($"POST {api}/issue", """{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Sub-task"},"summary":"second","parent":{"key":"TEST-1"}},"properties":[{"key":"p","value":1}]}""");
        await CallAsync($"POST {api}/issue", """{"fields":{}}""");
        const string issue = $"{api}/issue/TEST-1";
        await CallAsync($"PUT {issue}?notifyUsers=false", """{"fields":{"security":{"id":"10000"},"assignee":{"name":"sandbox-bot"}},"update":{"labels":[{"add":"two"}]}}""");
        await CallAsync($"PUT {issue}/assignee", """{"name":"sandbox-rita"}""");
        await CallAsync($"POST {issue}/transitions", """{"transition":{"id":"21"}}""");
        var comment = (await CallAsync($"POST {issue}/comment?expand=properties", """{"body":"*text*","visibility":{"type":"role","value":"Developers"},"properties":[{"key":"agentsquad","value":{"key":"k"}}]}"""))!["id"]!.GetValue<string>();
        await CallAsync($"PUT {issue}/comment/{comment}?expand=properties", """{"body":"other"}""");
        await CallAsync($"GET {issue}/comment/{comment}?expand=properties");
        foreach (var owner in (string[])[$"{api}/comment/{comment}", issue])
        {
            await CallAsync($"PUT {owner}/properties/other", """{"a":1}""");
            await CallAsync($"GET {owner}/properties");
            await CallAsync($"GET {owner}/properties/other");
            await CallAsync($"DELETE {owner}/properties/other");
        }

        await CallAsync($"POST {api}/issueLink", """{"type":{"name":"Blocks"},"inwardIssue":{"key":"TEST-1"},"outwardIssue":{"key":"TEST-2"}}""");
        var link = (await sandbox.Reporter.ReadAsync($"{issue}?fields=issuelinks")).Json["fields"]!["issuelinks"]![0]!["id"];
        await CallAsync($"GET {api}/issueLink/{link}");
        var remote = (await CallAsync($"POST {issue}/remotelink", """{"globalId":"g","object":{"url":"https://example.invalid/","title":"t"}}"""))!["id"];
        await CallAsync($"GET {issue}/remotelink");
        await CallAsync($"GET {issue}/remotelink/{remote}");
        await CallAsync($"PUT {issue}/remotelink/{remote}", """{"globalId":"g","object":{"url":"https://example.invalid/","title":"u"}}""");
        using (var upload = await UploadAsync(sandbox, issue))
        {
            problems.AddRange(ApiDocument.Written.Find("POST", $"{issue}/attachments")!.CheckAnswer(200, await upload.Content.ReadAsStringAsync()) is { } wrong ? [$"attachments: {wrong}"] : []);
        }

        var file = (await sandbox.Reporter.ReadAsync($"{issue}?fields=attachment")).Json["fields"]!["attachment"]![0]!["id"];
        await CallAsync($"GET {api}/attachment/{file}");
        foreach (var read in Reads.Concat(["mypermissions?projectKey=TEST", "user?username=sandbox-bot&expand=groups", "user/search?username=rita"])) await CallAsync($"GET {api}/{read}");
        await CallAsync($"GET {api}/search?jql=project%3DTEST&fields=summary&maxResults=1");
        await CallAsync($"POST {api}/search", """{"jql":"project = TEST","fields":["summary"],"maxResults":2,"startAt":0}""");
        await CallAsync($"DELETE {issue}/remotelink/{remote}");
        await CallAsync($"POST {issue}/remotelink", """{"globalId":"h","object":{"url":"https://example.invalid/","title":"t"}}""");
        await CallAsync($"DELETE {issue}/remotelink?globalId=h");
        await CallAsync($"DELETE {api}/attachment/{file}");
        await CallAsync($"DELETE {api}/issueLink/{link}");
        await CallAsync($"DELETE {issue}/comment/{comment}");
        await CallAsync($"DELETE {issue}?deleteSubtasks=true");
        await CallAsync($"GET {issue}");

        var hook = (await CallAsync("POST /rest/webhooks/1.0/webhook", """{"name":"AgentSquad","url":"https://x.invalid/","events":["comment_created"],"excludeBody":false,"secret":"s"}"""))!["self"]!.GetValue<string>().Split('/')[^1];
        await CallAsync("GET /rest/webhooks/1.0/webhook");
        await CallAsync($"GET /rest/webhooks/1.0/webhook/{hook}");
        await CallAsync($"PUT /rest/webhooks/1.0/webhook/{hook}", """{"name":"AgentSquad","url":"https://y.invalid/","events":["comment_created"],"enabled":true}""");
        await CallAsync($"DELETE /rest/webhooks/1.0/webhook/{hook}");

        await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/projects", JsonNode.Parse("""{"key":"DESK","projectTypeKey":"service_desk"}"""));
        await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", JsonNode.Parse("""{"key":"DESK-1","fields":{"summary":"s"}}"""));
        await CallAsync("POST /rest/servicedeskapi/request/DESK-1/comment", """{"body":"for the team","public":false}""");
        await CallAsync("GET /rest/servicedeskapi/request/DESK-1/comment");

        await CallAsync("GET /rest/api/space/TEST");
        var page = (await CallAsync("POST /rest/api/content", """{"type":"page","title":"t","space":{"key":"TEST"},"body":{"wiki":{"value":"*x*","representation":"wiki"}}}"""))!["id"];
        await CallAsync($"GET /rest/api/content/{page}?expand=body.storage,version");
        await CallAsync("GET /rest/api/content?spaceKey=TEST&title=t&expand=body.storage,version");
        await CallAsync("GET /rest/api/content/search?cql=space%3DTEST&limit=5");
        await CallAsync("GET /rest/api/search?cql=space%3DTEST&limit=5");
        await CallAsync($"PUT /rest/api/content/{page}", $$$$"""{"id":"{{{{page}}}}","type":"page","title":"t","version":{"number":2},"body":{"wiki":{"value":"y","representation":"wiki"}}}""");
        await CallAsync($"DELETE /rest/api/content/{page}");

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        var never = Routes(sandbox, "/rest/api/2/", "/rest/webhooks/", "/rest/servicedeskapi/", "/rest/api/content", "/rest/api/space", "/rest/api/search")
            .Where(route => !called.Contains(route) && !NotJson.ContainsKey(route)).ToList();
        Assert.True(never.Count == 0, "Not called here and not in the table: " + string.Join(", ", never));
    }

    [Fact]
    public async Task Written_PlantedWrongField_IsFound()
    {
        await using var sandbox = await Sandbox.StartAsync(("Sandbox__Deployment", "DataCenter"));
        var answer = (await sandbox.Reporter.ReadAsync("/rest/api/2/myself")).Json;
        var operation = ApiDocument.Written.Find("GET", "/rest/api/2/myself")!;
        Assert.Null(operation.CheckAnswer(200, answer.ToJsonString()));

        answer["accountId"] = "5b10ac8d82e05b22cc7d4ef5";

        Assert.Contains("accountId is not described", operation.CheckAnswer(200, answer.ToJsonString()), StringComparison.Ordinal);
        Assert.Null(ApiDocument.Of("GET", "/rest/api/2/nowhere"));
    }
}
