using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Faults;

public sealed class FaultTests
{
    [Fact]
    public async Task Status429_WithRetryAfter_MeetsTheCountedRequestsOnly()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await SwitchOnAsync(sandbox, """{"kind":"status","status":429,"retryAfter":"7","method":"POST","path":"*/comment","count":2,"skip":1}""");

        var statuses = new List<int>();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var answer = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("x"));
            statuses.Add(answer.Status);
            if (answer.Status == 429) Assert.Equal("7", answer.Headers.GetValues("Retry-After").Single());
        }

        Assert.Equal([201, 429, 429, 201], statuses);
        Assert.Equal(200, (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment")).Status);
    }

    [Theory]
    [InlineData("DropBefore", 0)]
    [InlineData("DropAfter", 1)]
    public async Task Drop_OfAWrite_LosesTheAnswer(string kind, int expectedComments)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await SwitchOnAsync(sandbox, $$"""{"kind":"{{kind}}","method":"POST","path":"/rest/api/3/issue/*/comment"}""");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("once")));

        var list = await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment");
        Assert.Equal(expectedComments, list.Json["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task Late_Write_LandsAfterTheConnectionIsGone()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/webhook", new JsonObject { ["url"] = receiver.Url });
        await SwitchOnAsync(sandbox, """{"kind":"late","method":"POST","path":"*/comment","delayMilliseconds":700}""");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("late")));

        var before = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment")).Json["total"]!.GetValue<int>();
        var webhook = await receiver.NextAsync();
        Assert.Equal(0, before);
        Assert.Equal("late", webhook.Json["comment"]!["body"]!.GetValue<string>());
        Assert.Equal(1, (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment")).Json["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task Slow_CallerGivesUp_TheWriteStillLands()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/webhook", new JsonObject { ["url"] = receiver.Url });
        await SwitchOnAsync(sandbox, """{"kind":"slow","method":"POST","path":"*/transitions","delayMilliseconds":600}""");
        using var impatient = sandbox.Client("agentsquad@example.invalid", "agentsquad-token");
        impatient.Timeout = TimeSpan.FromMilliseconds(200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            impatient.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/transitions", JsonNode.Parse("""{"transition":{"id":"21"}}""")));

        Assert.Equal("jira:issue_updated", (await receiver.NextAsync()).Event);
        var status = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}?fields=status")).Json["fields"]!["status"]!["name"]!.GetValue<string>();
        Assert.Equal("In Progress", status);
    }

    [Theory]
    [InlineData("expiredToken", 401, "AUTHENTICATED_FAILED")]
    [InlineData("captcha", 401, "AUTHENTICATION_DENIED")]
    public async Task Login_Fault_NamesItsReason(string kind, int status, string reason)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await SwitchOnAsync(sandbox, $$"""{"kind":"{{kind}}"}""");

        var answer = await sandbox.Bot.ReadAsync("/rest/api/3/myself");

        Assert.Equal(status, answer.Status);
        Assert.Equal(reason, answer.Headers.GetValues("X-Seraph-LoginReason").Single());
        Assert.Equal(200, (await sandbox.Bot.ReadAsync("/rest/api/3/myself")).Status);
    }

    [Theory]
    [InlineData("Cloud", "3", 404)]
    [InlineData("DataCenter", "2", 401)]
    public async Task ExpiredToken_OnATicket_IsAnonymousOnCloud(string deployment, string version, int status)
    {
        await using var sandbox = await Sandbox.StartAsync(("Sandbox__Deployment", deployment));
        await SwitchOnAsync(sandbox, """{"kind":"expiredToken"}""");

        var answer = await sandbox.Bot.ReadAsync($"/rest/api/{version}/issue/TEST-1");

        Assert.Equal(status, answer.Status);
        Assert.Equal("AUTHENTICATED_FAILED", answer.Headers.GetValues("X-Seraph-LoginReason").Single());
    }

    [Fact]
    public async Task SetupUnfinished_Answers503WithAPage()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await SwitchOnAsync(sandbox, """{"kind":"setupUnfinished","count":-1}""");

        var answer = await sandbox.Nobody.ReadAsync("/rest/api/2/serverInfo");

        Assert.Equal(503, answer.Status);
        Assert.Contains("set up", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permission_Missing_ShowsInMyPermissionsAndRefusesUntilRemoved()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await SwitchOnAsync(sandbox, """{"kind":"permission","permission":"TRANSITION_ISSUES","account":"sandbox-bot"}""");

        var mine = (await sandbox.Bot.ReadAsync("/rest/api/3/mypermissions?permissions=TRANSITION_ISSUES,ADD_COMMENTS&projectKey=TEST")).Json["permissions"]!;
        var open = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/transitions")).Json["transitions"]!.AsArray();
        var others = (await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}/transitions")).Json["transitions"]!.AsArray();

        Assert.False(mine["TRANSITION_ISSUES"]!["havePermission"]!.GetValue<bool>());
        Assert.True(mine["ADD_COMMENTS"]!["havePermission"]!.GetValue<bool>());
        Assert.Empty(open);
        Assert.Equal(3, others.Count);
        Assert.Equal(204, (await sandbox.Nobody.SendJsonAsync(HttpMethod.Delete, "/sandbox/faults")).Status);
        Assert.Equal(3, (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/transitions")).Json["transitions"]!.AsArray().Count);
    }

    [Fact]
    public async Task BrowsePermission_Missing_HidesTheTicket()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        await SwitchOnAsync(sandbox, """{"kind":"permission","permission":"BROWSE_PROJECTS","account":"sandbox-bot"}""");

        Assert.Equal(404, (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}")).Status);
        Assert.Equal(404, (await sandbox.Bot.ReadAsync("/rest/api/3/project/TEST")).Status);
        Assert.Equal(200, (await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}")).Status);
    }

    [Theory]
    [InlineData("""{"kind":"nonsense"}""", "kind")]
    [InlineData("""{"kind":"status","count":"x"}""", "count")]
    [InlineData("""{"kind":"permission"}""", "permission")]
    public async Task SwitchOn_WrongFault_NamesTheField(string body, string field)
    {
        await using var sandbox = await Sandbox.StartAsync();

        var answer = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/faults", JsonNode.Parse(body));

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Json["errors"]![field]);
    }

    private static async Task SwitchOnAsync(Sandbox sandbox, string fault) =>
        Assert.Equal(201, (await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/faults", JsonNode.Parse(fault))).Status);
}
