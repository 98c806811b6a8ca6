using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Contracts;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.TestSupport.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Atlassian.Tests.Diagnostics;

/// <summary>What the checks send, and the answers that a sandbox does not give. What they find is held by the tests of <c>squad doctor</c>.</summary>
public sealed class SiteDiagnosticsTests : IAsyncDisposable
{
    private readonly WillingSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [SkippableTheory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task EveryRequest_OfEveryCheck_IsDescribed(string deployment)
    {
        Skip.If(deployment == "Cloud" && ApiDocument.Jira is null, RequestContractTests.Absent);
        _site.Deployment = deployment;

        await RunAsync(deployment);

        Assert.True(_site.Requests.Count >= 8, string.Join('\n', _site.Requests));
        Assert.Empty(_site.Requests.SelectMany(RequestContractTests.Problems));
    }

    [Fact]
    public async Task ServerInfo_AskedOfWhoeverAnswers_CarriesNoToken()
    {
        await RunAsync("Cloud");

        Assert.Null(Assert.Single(_site.Requests, request => request.Path.EndsWith("/serverInfo", StringComparison.Ordinal)).Authorization);
        Assert.All(_site.Requests.Where(request => !request.Path.EndsWith("/serverInfo", StringComparison.Ordinal)), request => Assert.NotNull(request.Authorization));
    }

    [Theory]
    [InlineData("FIRST_RUN", "never finished")]
    [InlineData("MAINTENANCE", "in trouble")]
    public async Task DataCenter_ThatAnswers503_IsExplainedByItsStatus(string state, string found)
    {
        _site.Intercept = async (context, request) =>
        {
            if (request.Path == "/status") await FakeSite.WriteAsync(context, 200, new JsonObject { ["state"] = state });
            else if (request.Path.EndsWith("/serverInfo", StringComparison.Ordinal)) context.Response.StatusCode = 503;
            else return false;
            return true;
        };

        var findings = await RunAsync("DataCenter");

        Assert.Contains(findings, finding => finding is { Check: "jira.server", Severity: FindingSeverity.Error } && finding.Found.Contains(found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OldDataCenter_OfAVersionBefore912_IsAWarning()
    {
        (_site.Deployment, _site.Version) = ("DataCenter", "8.20.1");

        Assert.Contains(await RunAsync("DataCenter"), finding => finding is { Check: "jira.version", Severity: FindingSeverity.Warning });
    }

    private async Task<IReadOnlyList<Finding>> RunAsync(string deployment)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Jira:BaseUrl"] = _site.Address,
            ["Jira:Email"] = deployment == "Cloud" ? "bot@example.invalid" : "",
            ["Jira:ApiToken"] = "token",
            ["Jira:Deployment"] = deployment,
            ["Confluence:BaseUrl"] = _site.Address,
            ["Confluence:Deployment"] = deployment,
            ["Confluence:SpaceKey"] = "DOC",
        }).Build();
        var expected = new SiteExpectations
        {
            Statuses = [new("Squad__StatusNames__Work", "In Progress")],
            Roles = [new("Squad__Control__ProjectRoles__0", "Developers")],
            Groups = [new("Squad__Control__Groups__0", "developers")],
            Permissions = [new("CREATE_ISSUES", "Create Issues", "Squad__SubTasks__Enabled")],
            SubTaskType = new("Squad__SubTasks__IssueType", "Sub-task"),
        };
        await using var services = new ServiceCollection().AddLogging().AddJira(configuration).AddConfluence(configuration)
            .AddSiteDiagnostics(expected, administrator: null, TimeSpan.FromMinutes(1)).BuildServiceProvider();
        var findings = new List<Finding>();
        foreach (var check in services.GetRequiredService<ISiteDiagnostics>().Checks) findings.AddRange(await check.RunAsync(default));
        return findings;
    }

    /// <summary>Answers everything in its product's shape.</summary>
    private sealed class WillingSite : FakeSite
    {
        public string Deployment { get; set; } = "Cloud";

        public string Version { get; set; } = "9.12.0";

        protected override Task AnswerAsync(HttpContext context, ReceivedRequest request)
        {
            var last = request.Path.Split('/')[^1];
            JsonNode answer = last switch
            {
                "serverInfo" => new JsonObject { ["baseUrl"] = Address, ["version"] = Version, ["deploymentType"] = Deployment == "Cloud" ? "Cloud" : "Server" },
                "project" => new JsonArray(new JsonObject { ["key"] = "TEST" }),
                "search" when request.Path.EndsWith("project/search", StringComparison.Ordinal) => new JsonObject { ["values"] = new JsonArray(new JsonObject { ["key"] = "TEST" }) },
                "mypermissions" => new JsonObject
                {
                    ["permissions"] = new JsonObject(((string[])["BROWSE_PROJECTS", "ADD_COMMENTS", "USER_PICKER"])
                        .Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject { ["havePermission"] = true }))),
                },
                "statuses" or "webhook" or "groups" => new JsonArray(),
                "role" => new JsonObject { ["Developers"] = $"{Address}/rest/api/2/project/TEST/role/10" },
                _ => new JsonObject { ["accountId"] = "bot", ["name"] = "bot", ["displayName"] = "Bot", ["id"] = "1", ["key"] = "TEST-1" },
            };
            return WriteAsync(context, 200, answer);
        }
    }
}
