using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Rest;

public sealed class CommentTests
{
    [Fact]
    public async Task Add_WithProperty_IsReadBackWithExpandOnly()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var body = Adf.Comment("Working on it.");
        body["properties"] = new JsonArray(new JsonObject { ["key"] = "agentsquad", ["value"] = new JsonObject { ["key"] = "status" } });

        var added = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment?expand=properties", body);

        Assert.Equal(201, added.Status);
        Assert.Equal("status", added.Json["properties"]![0]!["value"]!["key"]!.GetValue<string>());
        Assert.Equal("sandbox-bot", added.Json["author"]!["accountId"]!.GetValue<string>());
        var list = await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}/comment");
        Assert.Null(list.Json["comments"]![0]!["properties"]);
        Assert.Equal(1, list.Json["total"]!.GetValue<int>());
        var id = added.Json["id"]!.GetValue<string>();
        var property = await sandbox.Reporter.ReadAsync($"/rest/api/3/comment/{id}/properties/agentsquad");
        Assert.Equal("status", property.Json["value"]!["key"]!.GetValue<string>());
    }

    [Fact]
    public async Task Edit_OwnComment_KeepsPropertiesAndChangesText()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var body = Adf.Comment("one");
        body["properties"] = new JsonArray(new JsonObject { ["key"] = "agentsquad", ["value"] = 1 });
        var id = (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", body)).Json["id"]!.GetValue<string>();

        var edited = await sandbox.Bot.SendJsonAsync(
            HttpMethod.Put, $"/rest/api/3/issue/{key}/comment/{id}?notifyUsers=false&expand=properties", Adf.Comment("two"));

        Assert.Equal(200, edited.Status);
        Assert.Equal("two", edited.Json["body"]!["content"]![0]!["content"]![0]!["text"]!.GetValue<string>());
        Assert.Single(edited.Json["properties"]!.AsArray());
    }

    [Fact]
    public async Task Edit_CommentOfAnother_Returns400WithoutRight()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var id = (await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("mine")))
            .Json["id"]!.GetValue<string>();

        var edited = await sandbox.Bot.SendJsonAsync(HttpMethod.Put, $"/rest/api/3/issue/{key}/comment/{id}", Adf.Comment("yours"));

        Assert.Equal(400, edited.Status);
        Assert.Contains("permission", edited.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Comment_IsGone()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();
        var id = (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("x"))).Json["id"]!.GetValue<string>();

        Assert.Equal(204, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{key}/comment/{id}")).Status);
        Assert.Equal(404, (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment/{id}")).Status);
        Assert.Equal(404, (await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{key}/comment/{id}")).Status);
    }

    [Fact]
    public async Task Add_StringToV3_Returns400OnComment()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        var answer = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", new JsonObject { ["body"] = "text" });

        Assert.Equal(400, answer.Status);
        Assert.Equal("Comment body is not valid!", answer.Json["errors"]!["comment"]!.GetValue<string>());
        Assert.Empty(answer.Json["errorMessages"]!.AsArray());
    }

    [Fact]
    public async Task Add_AdfToV2_Returns400()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        Assert.Equal(400, (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/2/issue/{key}/comment", Adf.Comment("x"))).Status);
    }

    [Theory]
    [InlineData(32_767, 201)]
    [InlineData(32_768, 400)]
    public async Task Add_AtTheLimit_IsTakenUpTo32767Characters(int length, int expected)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var key = await sandbox.CreateAsync();

        var answer = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment(new string('x', length)));

        Assert.Equal(expected, answer.Status);
        if (expected == 400) Assert.Contains("32,767", answer.Json["errors"]!["comment"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_ForARole_IsHiddenFromOthers()
    {
        await using var sandbox = await Sandbox.StartAsync(
            ("Sandbox__Users__0__Email", ""), ("Sandbox__Users__1__Email", ""), ("Sandbox__Users__2__Email", "guest@example.invalid"));
        var key = await sandbox.CreateAsync();
        var body = Adf.Comment("secret");
        body["visibility"] = new JsonObject { ["type"] = "group", ["value"] = "jira-administrators" };

        var added = await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", body);

        Assert.Equal(201, added.Status);
        Assert.Equal("group", added.Json["visibility"]!["type"]!.GetValue<string>());
        Assert.Equal(1, (await sandbox.Reporter.ReadAsync($"/rest/api/3/issue/{key}/comment")).Json["total"]!.GetValue<int>());
        Assert.Equal(0, (await sandbox.Bot.ReadAsync($"/rest/api/3/issue/{key}/comment")).Json["total"]!.GetValue<int>());
        Assert.Equal(400, (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", body)).Status);
    }

    [Fact]
    public async Task Add_UnknownTicket_Returns404()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var answer = await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue/TEST-99/comment", Adf.Comment("x"));

        Assert.Equal(404, answer.Status);
        Assert.Equal("Issue does not exist or you do not have permission to see it.", answer.Json["errorMessages"]![0]!.GetValue<string>());
    }
}
