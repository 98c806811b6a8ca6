using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Rest;

public sealed class IssueTests
{
    [Fact]
    public async Task Create_Complete_IsReadBackByIdAndKey()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync("Export as CSV", "agentsquad", "reports");

        var byKey = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}")).Json;
        var byId = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{byKey["id"]}?fields=summary,labels,status")).Json;

        Assert.Equal("TEST-1", key);
        Assert.Equal("Export as CSV", byKey["fields"]!["summary"]!.GetValue<string>());
        Assert.Equal("To Do", byId["fields"]!["status"]!["name"]!.GetValue<string>());
        Assert.Equal("new", byId["fields"]!["status"]!["statusCategory"]!["key"]!.GetValue<string>());
        Assert.Equal(["agentsquad", "reports"], byId["fields"]!["labels"]!.AsArray().Select(label => label!.GetValue<string>()));
        Assert.Equal(3, byId["fields"]!.AsObject().Count);
        Assert.Equal("sandbox-rita", byKey["fields"]!["reporter"]!["accountId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Create_Incomplete_NamesEachField()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var answer = await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue", new JsonObject { ["fields"] = new JsonObject() });

        Assert.Equal(400, answer.Status);
        Assert.Equal(["issuetype", "project", "summary"], answer.Json["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("""{"fields":{"description":"a string"}}""", "description")]
    [InlineData("""{"fields":{"labels":["two words"]}}""", "labels")]
    [InlineData("""{"fields":{"status":{"name":"Done"}}}""", "status")]
    [InlineData("""{"fields":{"priority":{"name":"Whatever"}}}""", "priority")]
    [InlineData("""{"fields":{"assignee":{"accountId":"nobody"}}}""", "assignee")]
    [InlineData("""{"fields":{"components":[{"name":"Nowhere"}]}}""", "components")]
    [InlineData("""{"fields":{"summary":" "}}""", "summary")]
    public async Task Edit_WrongValue_Returns400AndChangesNothing(string body, string field)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var request = JsonNode.Parse(body)!.AsObject();
        request["fields"]!["duedate"] = "2030-01-31";

        var answer = await sandbox.Bot.SendJsonAsync(HttpMethod.Put, $"/rest/api/3/issue/{key}", request);

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Json["errors"]![field]);
        Assert.Null((await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}")).Json["fields"]!["duedate"]);
    }

    [Fact]
    public async Task Create_UnknownComponentByAdministrator_IsMade()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var body = JsonNode.Parse("""{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Feature"},"summary":"x","components":[{"name":"Checkout"}]}}""");

        var byBot = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue", body);
        var byAdministrator = await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue", body);

        Assert.Equal((400, 201), (byBot.Status, byAdministrator.Status));
        var fields = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{byAdministrator.Json["key"]}")).Json["fields"]!;
        Assert.Equal(("Feature", "Checkout"), (fields["issuetype"]!["name"]!.GetValue<string>(), fields["components"]![0]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Edit_LabelOperations_AddAndRemove()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync("x", "one", "two");

        var answer = await sandbox.Reporter.SendJsonAsync(
            HttpMethod.Put, $"/rest/api/3/issue/{key}", JsonNode.Parse("""{"update":{"labels":[{"add":"agentsquad"},{"remove":"one"}]}}"""));

        Assert.Equal(204, answer.Status);
        var labels = (await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}?fields=labels")).Json["fields"]!["labels"]!.AsArray();
        Assert.Equal(["agentsquad", "two"], labels.Select(label => label!.GetValue<string>()));
    }

    [Fact]
    public async Task Transition_ToDone_SetsStatusAndResolution()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var open = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}?fields=status&expand=transitions")).Json["transitions"]!.AsArray();
        var done = open.First(transition => transition!["to"]!["name"]!.GetValue<string>() == "Done")!["id"]!.GetValue<string>();

        var answer = await sandbox.Bot.SendJsonAsync(
            HttpMethod.Post, $"/rest/api/3/issue/{key}/transitions", new JsonObject { ["transition"] = new JsonObject { ["id"] = done } });

        Assert.Equal(204, answer.Status);
        var fields = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}")).Json["fields"]!;
        Assert.Equal("Done", fields["status"]!["name"]!.GetValue<string>());
        Assert.Equal("Done", fields["resolution"]!["name"]!.GetValue<string>());
        Assert.Equal(["In Progress", "In Review", "Done"], open.Select(transition => transition!["to"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Transition_UnknownId_Returns400()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        var answer = await sandbox.Bot.SendJsonAsync(
            HttpMethod.Post, $"/rest/api/3/issue/{key}/transitions", new JsonObject { ["transition"] = new JsonObject { ["id"] = "999" } });

        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task Assign_ThenUnassign_ShowsInTheTicket()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        var path = $"/rest/api/3/issue/{key}/assignee";
        Assert.Equal(204, (await sandbox.Reporter.SendJsonAsync(HttpMethod.Put, path, new JsonObject { ["accountId"] = "sandbox-bot" })).Status);
        Assert.Equal("AgentSquad", (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}")).Json["fields"]!["assignee"]!["displayName"]!.GetValue<string>());
        Assert.Equal(204, (await sandbox.Reporter.SendJsonAsync(HttpMethod.Put, path, new JsonObject { ["accountId"] = null })).Status);
        Assert.Null((await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}")).Json["fields"]!["assignee"]);
    }

    [Fact]
    public async Task Delete_Ticket_IsGone()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        Assert.Equal(204, (await sandbox.Reporter.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{key}")).Status);
        Assert.Equal(404, (await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}")).Status);
    }

    [Fact]
    public async Task Search_ByJql_PagesWithTokens()
    {
        await using var sandbox = await Sandbox.StartAsync();
        for (var number = 1; number <= 5; number++) await sandbox.CreateAsync($"Ticket {number}", number % 2 == 0 ? "even" : "odd");

        var first = (await sandbox.Bot.ReadAsync("/rest/api/3/search/jql?jql=project=TEST%20AND%20labels=odd%20ORDER%20BY%20key%20ASC&maxResults=2&fields=summary")).Json;
        var token = first["nextPageToken"]!.GetValue<string>();
        var second = (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/search/jql", new JsonObject
        {
            ["jql"] = "project = TEST AND labels = odd ORDER BY key ASC", ["maxResults"] = 2, ["nextPageToken"] = token, ["fields"] = new JsonArray("summary"),
        })).Json;

        Assert.Equal(["TEST-1", "TEST-3"], first["issues"]!.AsArray().Select(issue => issue!["key"]!.GetValue<string>()));
        Assert.Equal(["TEST-5"], second["issues"]!.AsArray().Select(issue => issue!["key"]!.GetValue<string>()));
        Assert.True(second["isLast"]!.GetValue<bool>());
        Assert.Null(second["nextPageToken"]);
        Assert.Equal(410, (await sandbox.Bot.ReadAsync("/rest/api/3/search?jql=project=TEST")).Status);
        Assert.Equal(400, (await sandbox.Bot.ReadAsync("/rest/api/3/search/jql?jql=order%20by%20key")).Status);
    }

    [Theory]
    [InlineData("status = \"To Do\"", 2)]
    [InlineData("status in (Done, \"In Review\")", 0)]
    [InlineData("summary ~ \"ticket\" AND NOT labels = even", 1)]
    [InlineData("labels is EMPTY", 0)]
    [InlineData("reporter = currentUser() OR key = TEST-2", 2)]
    [InlineData("created >= 2020-01-01 AND (labels = even OR labels = odd)", 2)]
    [InlineData("assignee is not EMPTY", 0)]
    public async Task Search_Clauses_FindWhatTheySay(string jql, int expected)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.CreateAsync("Ticket 1", "odd");
        await sandbox.CreateAsync("Ticket 2", "even");

        var found = (await sandbox.Reporter.ReadAsync("/rest/api/3/search/jql?fields=key&jql=" + Uri.EscapeDataString(jql))).Json;

        Assert.Equal(expected, found["issues"]!.AsArray().Count);
    }
}
