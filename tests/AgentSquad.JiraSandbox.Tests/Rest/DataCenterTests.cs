using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Rest;

public sealed class DataCenterTests
{
    private static readonly (string, string?) DataCenter = ("Sandbox__Deployment", "DataCenter");

    [Fact]
    public async Task Login_PersonalAccessToken_IsABearer()
    {
        await using var sandbox = await Sandbox.StartAsync(DataCenter);
        using var client = Bearer(sandbox, "agentsquad-token");
        using var wrong = Bearer(sandbox, "wrong");

        var myself = (await client.ReadAsync("/rest/api/2/myself")).Json;

        Assert.Equal("sandbox-bot", myself["name"]!.GetValue<string>());
        Assert.Null(myself["accountId"]);
        Assert.Equal(401, (await wrong.ReadAsync("/rest/api/2/myself")).Status);
        Assert.Equal(404, (await client.ReadAsync("/rest/api/3/myself")).Status);
        Assert.Equal("Server", (await client.ReadAsync("/rest/api/2/serverInfo")).Json["deploymentType"]!.GetValue<string>());
    }

    [Fact]
    public async Task CloudLogin_Bearer_IsForTheGatewayOnly()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var client = Bearer(sandbox, "agentsquad-token");
        var cloudId = (await sandbox.Nobody.ReadAsync("/_edge/tenant_info")).Json["cloudId"]!.GetValue<string>();

        Assert.Equal(401, (await client.ReadAsync("/rest/api/3/myself")).Status);
        Assert.Equal(200, (await client.ReadAsync($"/ex/jira/{cloudId}/rest/api/3/myself")).Status);
        Assert.Equal(200, (await sandbox.Bot.ReadAsync($"/ex/jira/{cloudId}/rest/api/3/myself")).Status);
        Assert.Equal(404, (await sandbox.Bot.ReadAsync("/ex/jira/another/rest/api/3/myself")).Status);
    }

    [Fact]
    public async Task Comment_WikiMarkup_StaysAsWrittenAndSendsTwoEvents()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(DataCenter, ("Sandbox__Webhook__Url", receiver.Url));
        var issue = await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, "/rest/api/2/issue", JsonNode.Parse(
            """{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Bug"},"summary":"x","description":"h2. Steps\n# one","assignee":{"name":"sandbox-bot"}}}"""));
        var key = issue.Json["key"]!.GetValue<string>();

        var comment = await sandbox.Bot.SendJsonAsync(
            HttpMethod.Post, $"/rest/api/2/issue/{key}/comment", new JsonObject { ["body"] = "*done* [~sandbox-rita]" });

        Assert.Equal(201, issue.Status);
        Assert.Equal("*done* [~sandbox-rita]", comment.Json["body"]!.GetValue<string>());
        Assert.Equal("sandbox-bot", comment.Json["author"]!["name"]!.GetValue<string>());
        var created = (await receiver.NextAsync()).Json;
        Assert.Equal("sandbox-bot", created["issue"]!["fields"]!["assignee"]!["name"]!.GetValue<string>());
        Assert.Equal("h2. Steps\n# one", created["issue"]!["fields"]!["description"]!.GetValue<string>());
        Assert.Equal("comment_created", (await receiver.NextAsync()).Event);
        var second = (await receiver.NextAsync()).Json;
        Assert.Equal("issue_commented", second["issue_event_type_name"]!.GetValue<string>());
        Assert.Equal("sandbox-bot", second["user"]!["name"]!.GetValue<string>());
        Assert.Equal("*done* [~sandbox-rita]", second["comment"]!["body"]!.GetValue<string>());
    }

    [Fact]
    public async Task Search_ByOffset_CountsAll()
    {
        await using var sandbox = await Sandbox.StartAsync(DataCenter);
        for (var number = 0; number < 3; number++)
        {
            await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, "/rest/api/2/issue", JsonNode.Parse(
                """{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Task"},"summary":"x"}}"""));
        }

        var found = (await sandbox.Bot.ReadAsync("/rest/api/2/search?jql=project=TEST&startAt=1&maxResults=1&fields=summary")).Json;

        Assert.Equal(3, found["total"]!.GetValue<int>());
        Assert.Single(found["issues"]!.AsArray());
        Assert.Equal(404, (await sandbox.Bot.ReadAsync("/rest/api/2/search/jql?jql=project=TEST")).Status);
    }

    [Fact]
    public async Task Content_PageWithConflict_IsRefused()
    {
        await using var sandbox = await Sandbox.StartAsync(DataCenter);
        var page = (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/content", JsonNode.Parse(
            """{"type":"page","title":"Report","space":{"key":"TEST"},"body":{"storage":{"value":"<p>1</p>","representation":"storage"}}}"""))).Json;
        var path = $"/rest/api/content/{page["id"]}";
        var next = JsonNode.Parse("""{"type":"page","title":"Report","version":{"number":2},"body":{"storage":{"value":"<p>2</p>","representation":"storage"}}}""");

        Assert.Equal(200, (await sandbox.Bot.SendJsonAsync(HttpMethod.Put, path, next)).Status);
        Assert.Equal(409, (await sandbox.Bot.SendJsonAsync(HttpMethod.Put, path, next)).Status);
        var found = (await sandbox.Bot.ReadAsync("/rest/api/content?spaceKey=TEST&title=Report&expand=body.storage,version")).Json["results"]![0]!;
        Assert.Equal("<p>2</p>", found["body"]!["storage"]!["value"]!.GetValue<string>());
    }

    private static HttpClient Bearer(Sandbox sandbox, string token)
    {
        var client = new HttpClient { BaseAddress = new Uri(sandbox.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
