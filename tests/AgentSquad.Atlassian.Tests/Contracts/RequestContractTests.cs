using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.TestSupport.Contracts;

namespace AgentSquad.Atlassian.Tests.Contracts;

/// <summary>Every request that the clients can send is one that the vendor describes, in the vendor's own documents where they have the operation.</summary>
public sealed class RequestContractTests : IAsyncDisposable
{
    internal const string Absent = "The vendor's OpenAPI documents (../shared/atlassian) are not on this machine.";

    private readonly FakeSite _site = new AnythingSite();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public void Calls_AgainstThePorts_LeaveNoMethodOut()
    {
        var jira = typeof(IJiraSite).GetMethods().Concat(typeof(IJiraClient).GetMethods()).Select(method => method.Name).Distinct();
        Assert.Equal(jira.Order(StringComparer.Ordinal), ClientCalls.Jira.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(IConfluenceClient).GetMethods().Select(method => method.Name).Order(StringComparer.Ordinal), ClientCalls.Confluence.Keys.Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task EveryRequest_OfEveryMethod_IsDescribed(string deployment)
    {
        Skip.If(deployment == "Cloud" && ApiDocument.Jira is null, Absent);
        await using var jira = new JiraUnderTest(
            _site.Address, ("Jira:Deployment", deployment), ("Confluence:BaseUrl", _site.Address), ("Confluence:Deployment", deployment));
        foreach (var call in ClientCalls.Jira.Values) await call(jira.Get<IJiraSite>());
        foreach (var call in ClientCalls.Confluence.Values) await call(jira.Get<IConfluenceClient>());

        var problems = _site.Requests.SelectMany(Problems).ToList();

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.True(_site.Requests.Count >= ClientCalls.Jira.Count + ClientCalls.Confluence.Count);
    }

    [SkippableTheory]
    [InlineData("POST", "/rest/api/3/issue/1/comment", "", """{"body":{},"visability":{"type":"role","value":"x"}}""", "visability is not described")]
    [InlineData("POST", "/rest/api/3/issue/1/comment", "", """{"body":{},"visibility":{"type":"team","value":"x"}}""", "'team' is not allowed")]
    [InlineData("POST", "/rest/api/3/issue/1/comment", "", """{"body":{},"properties":[{"name":"x"}]}""", "name is not described")]
    [InlineData("POST", "/rest/api/3/issue/1/comment", "", """{"body":{},"id":"5"}""", "id is read-only")]
    [InlineData("POST", "/rest/api/3/search/jql", "", """{"jql":"x","maxResults":"many"}""", "String where integer")]
    [InlineData("POST", "/rest/api/3/issueLink", "", """{"type":{"name":"Blocks"},"inwardIssue":{"key":"A-1"}}""", "outwardIssue is missing")]
    [InlineData("GET", "/rest/api/3/issue/1/comment", "?limit=5", "", "no query parameter limit")]
    [InlineData("GET", "/rest/api/3/issue/1/comment", "?startAt=x", "", "no whole number")]
    [InlineData("GET", "/rest/api/3/issue/1/comments", "", "", "in no document")]
    [InlineData("GET", "/rest/api/2/search/jql", "", "", "in no document")]
    [InlineData("GET", "/rest/api/3/search", "?jql=x", "", "is being removed")]
    [InlineData("GET", "/rest/api/3/project", "", "", "is being removed")]
    [InlineData("POST", "/rest/api/2/issue/1/comment", "", """{"body":{"type":"doc"}}""", "Object where string")]
    public void Check_PlantedMistake_IsFound(string method, string path, string query, string body, string problem)
    {
        Skip.If(ApiDocument.Jira is null, Absent);

        var found = Problems(new ReceivedRequest(method, path, query, body, null, body.Length > 0 ? "application/json" : null));

        Assert.Contains(problem, Assert.Single(found), StringComparison.Ordinal);
    }

    /// <summary>What is wrong with a request by the document that describes it; none means that it is as described.</summary>
    internal static IEnumerable<string> Problems(ReceivedRequest request)
    {
        var operation = ApiDocument.Of(request.Method, request.Path);
        var problems = operation is null ? ["in no document"]
            : operation.IsDeprecated ? ["is being removed"]
            : operation.CheckRequest(request.Query, request.ContentType, request.Body);
        return problems.Select(problem => $"{request.Method} {request.Path}{request.Query}: {problem}");
    }

    /// <summary>Answers everything with something that fits.</summary>
    private sealed class AnythingSite : FakeSite
    {
        protected override Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, ReceivedRequest request)
        {
            JsonNode anything = new JsonObject
            {
                ["id"] = "1",
                ["key"] = "TEST-1",
                ["accountId"] = "x",
                ["Developers"] = $"{Address}/rest/api/2/project/10000/role/10003",
                ["actors"] = new JsonArray(new JsonObject { ["type"] = "atlassian-group-role-actor", ["name"] = "leads" }),
                ["name"] = "x",
                ["title"] = "x",
                ["version"] = request.Path.EndsWith("/serverInfo", StringComparison.Ordinal) ? "9.12.0" : new JsonObject { ["number"] = 3 },
            };
            var isList = request.Path.EndsWith("/attachments", StringComparison.Ordinal)
                || (request.Method == "GET" && (request.Path.EndsWith("/remotelink", StringComparison.Ordinal) || request.Path.EndsWith("/statuses", StringComparison.Ordinal)
                    || request.Path.EndsWith("/webhook", StringComparison.Ordinal) || request.Path.EndsWith("/user/search", StringComparison.Ordinal)));
            return WriteAsync(context, 200, isList ? new JsonArray(anything) : anything);
        }
    }
}
