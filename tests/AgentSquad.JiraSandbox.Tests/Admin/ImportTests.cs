using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;
using AgentSquad.TestSupport;

namespace AgentSquad.JiraSandbox.Tests.Admin;

public sealed class ImportTests
{
    [SkippableFact]
    public async Task Import_EveryRecordedTicket_IsReadableInBothVersions()
    {
        var folder = RepositoryPaths.InShared("atlassian", "webhooks");
        Skip.If(folder is null, "The recorded webhooks are not beside the repository (../shared/atlassian/webhooks).");
        await using var receiver = await WebhookReceiver.StartAsync();
        foreach (var file in Directory.GetFiles(folder!, "*.json").Order())
        {
            if (JsonNode.Parse(await File.ReadAllTextAsync(file))!["issue"] is not JsonObject issue) continue;
            await using var sandbox = await Sandbox.StartAsync(("Sandbox__Webhook__Url", receiver.Url));

            var seeded = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", issue);

            Assert.True(seeded.Status == 201, $"{file}: {seeded.Body}");
            Assert.Equal(issue["key"]!.GetValue<string>(), seeded.Json["key"]!.GetValue<string>());
            foreach (var version in (string[])["2", "3"])
            {
                var read = await sandbox.Bot.ReadAsync($"/rest/api/{version}/issue/{issue["id"]}?expand=transitions");
                Assert.Equal(200, read.Status);
                Assert.Equal(issue["fields"]!["summary"]!.GetValue<string>(), read.Json["fields"]!["summary"]!.GetValue<string>());
            }

            Assert.Equal(200, (await sandbox.Nobody.ReadAsync($"/browse/{issue["key"]}")).Status);
        }

        Assert.False(receiver.TryNext(out _));
    }

    [Fact]
    public async Task Import_Twice_LeavesTheTicketAndItsComments()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var ticket = JsonNode.Parse("""{"id":"10009","key":"TEST-9","fields":{"summary":"seeded","labels":["b","a"],"description":"h1. Wiki"}}""");

        var first = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", ticket);
        await sandbox.Bot.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue/TEST-9/comment", Adf.Comment("kept"));
        var second = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", ticket);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal(1, (await sandbox.Bot.ReadAsync("/rest/api/3/issue/10009/comment")).Json["total"]!.GetValue<int>());
        var description = (await sandbox.Bot.ReadAsync("/rest/api/3/issue/10009")).Json["fields"]!["description"]!;
        Assert.Equal("heading", description["content"]![0]!["type"]!.GetValue<string>());
        Assert.Equal("TEST-10", await sandbox.CreateAsync());
    }

    [Theory]
    [InlineData("""{"id":"10009","key":"TEST-8","fields":{}}""", 409)]
    [InlineData("""{"id":"10008","key":"TEST-9","fields":{}}""", 409)]
    [InlineData("""{"key":"no key","fields":{}}""", 400)]
    [InlineData("""{"id":"abc","fields":{}}""", 400)]
    [InlineData("""[]""", 400)]
    public async Task Import_WrongOrTaken_IsRefused(string body, int expected)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", JsonNode.Parse("""{"id":"10009","key":"TEST-9","fields":{"summary":"seeded"}}"""));

        Assert.Equal(expected, (await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", JsonNode.Parse(body))).Status);
    }

    [Fact]
    public async Task Import_WithoutIdAndKey_TakesTheNext()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var seeded = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", JsonNode.Parse("""{"fields":{"summary":"x"}}"""));
        var other = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/issues", JsonNode.Parse("""{"key":"OPS-7","fields":{"summary":"x"}}"""));

        Assert.Equal("TEST-1", seeded.Json["key"]!.GetValue<string>());
        Assert.Equal("OPS-7", other.Json["key"]!.GetValue<string>());
        Assert.Equal("OPS", (await sandbox.Bot.ReadAsync("/rest/api/3/issue/OPS-7?fields=project")).Json["fields"]!["project"]!["key"]!.GetValue<string>());
    }

    [Fact]
    public async Task Requests_AreRecordedWithAccountAndStatus()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.Bot.ReadAsync("/rest/api/3/myself");
        await sandbox.Nobody.ReadAsync("/rest/api/3/myself");

        var requests = (await sandbox.Nobody.ReadAsync("/sandbox/requests")).Json.AsArray();

        Assert.Equal(["GET /rest/api/3/myself 200 sandbox-bot", "GET /rest/api/3/myself 401 "], requests.Select(request =>
            $"{request!["method"]} {request["path"]} {request["status"]} {request["account"]}"));
    }
}
