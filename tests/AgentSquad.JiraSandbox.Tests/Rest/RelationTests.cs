using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Rest;

/// <summary>What hangs on a ticket: attachments, links, sub-tasks, properties, restrictions; and who may register webhooks.</summary>
public sealed class RelationTests
{
    [Fact]
    public async Task Attachment_UploadedWithToken_ComesBackByteForByte()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        byte[] bytes = [0, 1, 2, 255, 13, 10];

        using var refused = await UploadAsync(sandbox, key, bytes, token: false);
        using var added = await UploadAsync(sandbox, key, bytes, token: true);

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal(200, (int)added.StatusCode);
        var shape = JsonNode.Parse(await added.Content.ReadAsStringAsync())!.AsArray().Single()!;
        Assert.Equal("report.bin", shape["filename"]!.GetValue<string>());
        Assert.Equal(bytes, await sandbox.Bot.GetByteArrayAsync(shape["content"]!.GetValue<string>()));
        Assert.Equal(bytes, await sandbox.Bot.GetByteArrayAsync($"/rest/api/3/attachment/content/{shape["id"]}?redirect=false"));
        var listed = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}?fields=attachment")).Json["fields"]!["attachment"]!.AsArray();
        Assert.Equal(shape["id"]!.GetValue<string>(), Assert.Single(listed)!["id"]!.GetValue<string>());
        Assert.Equal(204, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/attachment/{shape["id"]}")).Status);
    }

    [Fact]
    public async Task IssueLink_Blocks_ShowsOnBothSides()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (first, second) = (await sandbox.CreateAsync("first"), await sandbox.CreateAsync("second"));

        var linked = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issueLink", JsonNode.Parse(
            $$$"""{"type":{"name":"Blocks"},"inwardIssue":{"key":"{{{first}}}"},"outwardIssue":{"key":"{{{second}}}"}}"""));

        Assert.Equal(201, linked.Status);
        var from = Assert.Single((await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{first}?fields=issuelinks")).Json["fields"]!["issuelinks"]!.AsArray())!;
        var to = Assert.Single((await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{second}?fields=issuelinks")).Json["fields"]!["issuelinks"]!.AsArray())!;
        Assert.Equal(second, from["outwardIssue"]!["key"]!.GetValue<string>());
        Assert.Equal(first, to["inwardIssue"]!["key"]!.GetValue<string>());
        Assert.Equal(204, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issueLink/{from["id"]}")).Status);
    }

    [Fact]
    public async Task RemoteLink_SameGlobalId_IsOneLink()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var path = $"/rest/api/3/issue/{key}/remotelink";
        var body = JsonNode.Parse("""{"globalId":"agentsquad:run:1","object":{"url":"https://example.invalid/run/1","title":"Run 1"}}""");

        var first = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, path, body);
        var second = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, path, body);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Single((await sandbox.Bot.ReadAsync(path)).Json.AsArray());
        Assert.Equal("Run 1", (await sandbox.Bot.ReadAsync(path + "?globalId=agentsquad%3Arun%3A1")).Json["object"]!["title"]!.GetValue<string>());
        Assert.Equal(204, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, path + "?globalId=agentsquad%3Arun%3A1")).Status);
        Assert.Equal(404, (await sandbox.Bot.ReadAsync(path + "?globalId=agentsquad%3Arun%3A1")).Status);
    }

    [Fact]
    public async Task Subtask_WithParent_IsFoundThroughIt()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var parent = await sandbox.CreateAsync();
        var parentId = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{parent}?fields=summary")).Json["id"];

        var child = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue", JsonNode.Parse(
            $$$"""{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Sub-task"},"summary":"part","parent":{"id":"{{{parentId}}}"} },"properties":[{"key":"agentsquad","value":{"key":"task-1"}}]}"""));
        var orphan = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue", JsonNode.Parse(
            """{"fields":{"project":{"key":"TEST"},"issuetype":{"name":"Sub-task"},"summary":"part"}}"""));

        Assert.Equal((201, 400), (child.Status, orphan.Status));
        var subtasks = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{parent}?fields=subtasks")).Json["fields"]!["subtasks"]!.AsArray();
        Assert.Equal("part", Assert.Single(subtasks)!["fields"]!["summary"]!.GetValue<string>());
        var property = await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{child.Json["key"]}/properties/agentsquad");
        Assert.Equal("task-1", property.Json["value"]!["key"]!.GetValue<string>());
        Assert.Equal(400, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{parent}")).Status);
        Assert.Equal(204, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{parent}?deleteSubtasks=true")).Status);
    }

    [Fact]
    public async Task ServiceDesk_InternalComment_IsMarkedOnBothApis()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/projects", JsonNode.Parse("""{"key":"HELP","projectTypeKey":"service_desk"}"""));
        var key = (await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", JsonNode.Parse("""{"key":"HELP-1","fields":{"summary":"help"}}""")))
            .Json["key"]!.GetValue<string>();

        var note = await sandbox.Bot.SendJsonAsync(
            HttpMethod.Post, $"/rest/servicedeskapi/request/{key}/comment", JsonNode.Parse("""{"body":"only us","public":false}"""));

        Assert.Equal(201, note.Status);
        Assert.False(note.Json["public"]!.GetValue<bool>());
        var read = await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment/{note.Json["id"]}?expand=properties");
        Assert.False(read.Json["jsdPublic"]!.GetValue<bool>());
        Assert.True(read.Json["properties"]![0]!["value"]!["internal"]!.GetValue<bool>());
        var test = await sandbox.CreateAsync();
        Assert.Equal(404, (await sandbox.Bot.SendJsonAsync(
            HttpMethod.Post, $"/rest/servicedeskapi/request/{test}/comment", JsonNode.Parse("""{"body":"x","public":true}"""))).Status);
    }

    [Fact]
    public async Task SecurityLevel_Set_HidesTheTicketFromThoseOutside()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        var set = await sandbox.Reporter.SendJsonAsync(HttpMethod.Put, $"/rest/api/3/issue/{key}", JsonNode.Parse("""{"fields":{"security":{"id":"10000"}}}"""));

        Assert.Equal(204, set.Status);
        var security = (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}?fields=security")).Json["fields"]!["security"]!;
        Assert.Equal("Internal", security["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task WebhookRegistration_ByAdministrator_DeliversWhatFits()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await Sandbox.StartAsync();
        var body = JsonNode.Parse(
            $$$"""{"name":"AgentSquad","url":"{{{receiver.Url}}}","events":["comment_created"],"filters":{"issue-related-events-section":"project = TEST"},"secret":"s"}""");

        var refused = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/webhooks/1.0/webhook", body);
        var created = await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, "/rest/webhooks/1.0/webhook", body);

        Assert.Equal((403, 201), (refused.Status, created.Status));
        Assert.DoesNotContain("\"secret\"", created.Body, StringComparison.Ordinal);
        Assert.True(created.Json["isSigned"]!.GetValue<bool>());
        var key = await sandbox.CreateAsync();
        await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("x"));
        var received = await receiver.NextAsync();
        Assert.Equal("comment_created", received.Event);
        Assert.True(received.Headers.ContainsKey("X-Hub-Signature"));
        var self = new Uri(created.Json["self"]!.GetValue<string>()).AbsolutePath;
        Assert.Equal(204, (await sandbox.Reporter.SendJsonAsync(HttpMethod.Delete, self)).Status);
        Assert.Equal(403, (await sandbox.Reporter.ReadAsync("/rest/api/3/webhook")).Status);
    }

    [Fact]
    public async Task Page_UpdatedTwiceWithTheSameVersion_Conflicts()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var space = (await sandbox.Bot.ReadAsync("/wiki/api/v2/spaces?keys=TEST")).Json["results"]![0]!["id"]!.GetValue<string>();
        var page = (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/wiki/api/v2/pages", JsonNode.Parse(
            $$$"""{"spaceId":"{{{space}}}","status":"current","title":"Report","body":{"representation":"storage","value":"<p>1</p>"}}"""))).Json;
        var id = page["id"]!.GetValue<string>();
        var next = JsonNode.Parse(
            $$$"""{"id":"{{{id}}}","status":"current","title":"Report","version":{"number":2,"message":"m"},"body":{"representation":"storage","value":"<p>2</p>"}}""");

        var updated = await sandbox.Bot.SendJsonAsync(HttpMethod.Put, $"/wiki/api/v2/pages/{id}", next);
        var conflict = await sandbox.Bot.SendJsonAsync(HttpMethod.Put, $"/wiki/api/v2/pages/{id}", next);

        Assert.Equal((200, 409), (updated.Status, conflict.Status));
        var read = (await sandbox.Bot.ReadAsync($"/wiki/api/v2/pages/{id}?body-format=storage")).Json;
        Assert.Equal("<p>2</p>", read["body"]!["storage"]!["value"]!.GetValue<string>());
        var found = (await sandbox.Bot.ReadAsync("/wiki/rest/api/search?cql=" + Uri.EscapeDataString("type = page AND space = \"TEST\" AND title ~ \"rep\""))).Json;
        Assert.Equal(id, found["results"]![0]!["content"]!["id"]!.GetValue<string>());
        Assert.Equal(401, (await sandbox.Nobody.ReadAsync($"/wiki/api/v2/pages/{id}")).Status);
    }

    private static async Task<HttpResponseMessage> UploadAsync(Sandbox sandbox, string key, byte[] bytes, bool token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/rest/api/3/issue/{key}/attachments");
        if (token) request.Headers.Add("X-Atlassian-Token", "no-check");
        var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "file", "report.bin" } };
        request.Content = form;
        return await sandbox.Bot.SendAsync(request);
    }
}
