using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Webhooks;

public sealed class WebhookTests
{
    private const string Secret = "webhook-secret";

    [Fact]
    public async Task Created_Signed_CarriesTheWholeTicket()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await StartAsync(receiver);
        var before = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds();
        var key = await sandbox.CreateAsync("Export", "agentsquad");

        var received = await receiver.NextAsync();

        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), received.Body));
        Assert.Equal(signature, received.Headers["X-Hub-Signature"]);
        Assert.Equal("Primary", received.Headers["X-Atlassian-Webhook-Flow"]);
        Assert.False(received.Headers.ContainsKey("X-Atlassian-Webhook-Retry"));
        var json = received.Json;
        Assert.Equal("jira:issue_created", received.Event);
        Assert.Equal("issue_created", json["issue_event_type_name"]!.GetValue<string>());
        Assert.InRange(json["timestamp"]!.GetValue<long>(), before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal("sandbox-rita", json["user"]!["accountId"]!.GetValue<string>());
        Assert.Equal(key, json["issue"]!["key"]!.GetValue<string>());
        Assert.StartsWith(sandbox.Url + "/rest/api/2/issue/", json["issue"]!["self"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("As a user I want to reset my password.", json["issue"]!["fields"]!["description"]!.GetValue<string>());
        Assert.Equal("agentsquad", json["issue"]!["fields"]!["labels"]![0]!.GetValue<string>());
        Assert.Contains(json["changelog"]!["items"]!.AsArray(), item => item!["fieldId"]!.GetValue<string>() == "status");
    }

    [Fact]
    public async Task Labels_Changed_SayTheWholeListBeforeAndAfter()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await StartAsync(receiver);
        var key = await sandbox.CreateAsync("x", "one", "two");
        await receiver.NextAsync();

        await sandbox.Reporter.SendJsonAsync(HttpMethod.Put, $"/rest/api/3/issue/{key}", JsonNode.Parse("""{"update":{"labels":[{"add":"agentsquad"}]}}"""));

        var json = (await receiver.NextAsync()).Json;
        var item = json["changelog"]!["items"]![0]!;
        Assert.Equal("jira:issue_updated", json["webhookEvent"]!.GetValue<string>());
        Assert.Equal("issue_updated", json["issue_event_type_name"]!.GetValue<string>());
        Assert.Null(item["from"]);
        Assert.Null(item["to"]);
        Assert.Equal("one two", item["fromString"]!.GetValue<string>());
        Assert.Equal("agentsquad one two", item["toString"]!.GetValue<string>());
    }

    [Fact]
    public async Task Comment_Created_HasNoUserAndFewFields()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await StartAsync(receiver);
        var key = await sandbox.CreateAsync();
        await receiver.NextAsync();

        await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("/squad status"));

        var json = (await receiver.NextAsync()).Json;
        Assert.Equal(["timestamp", "webhookEvent", "comment", "issue"], json.Select(member => member.Key));
        Assert.Equal("/squad status", json["comment"]!["body"]!.GetValue<string>());
        Assert.Equal("sandbox-rita", json["comment"]!["author"]!["accountId"]!.GetValue<string>());
        Assert.Equal(
            ["summary", "issuetype", "project", "assignee", "priority", "status"],
            json["issue"]!["fields"]!.AsObject().Select(field => field.Key));
    }

    [Theory]
    [InlineData("status", "issue_generic", "10000", "To Do", "10001", "In Progress")]
    [InlineData("assignee", "issue_assigned", null, null, "sandbox-bot", "AgentSquad")]
    public async Task Updated_ByField_NamesIdsAndTexts(string field, string typeName, string? from, string? fromText, string to, string toText)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await StartAsync(receiver);
        var key = await sandbox.CreateAsync();
        await receiver.NextAsync();

        if (field == "status")
            await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/transitions", JsonNode.Parse("""{"transition":{"id":"21"}}"""));
        else
            await sandbox.Reporter.SendJsonAsync(HttpMethod.Put, $"/rest/api/3/issue/{key}/assignee", JsonNode.Parse("""{"accountId":"sandbox-bot"}"""));

        var json = (await receiver.NextAsync()).Json;
        var item = Assert.Single(json["changelog"]!["items"]!.AsArray())!;
        Assert.Equal(typeName, json["issue_event_type_name"]!.GetValue<string>());
        Assert.Equal(field, item["field"]!.GetValue<string>());
        Assert.Equal((from, fromText, to, toText), (Text(item["from"]), Text(item["fromString"]), Text(item["to"])!, Text(item["toString"])!));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Delivery_RetriedStatus_ComesAgainWithTheSameIdentifier(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(status);
        await using var sandbox = await StartAsync(receiver);
        await sandbox.CreateAsync();

        var first = await receiver.NextAsync();
        var second = await receiver.NextAsync();

        Assert.Equal(first.Identifier, second.Identifier);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal("1", second.Headers["X-Atlassian-Webhook-Retry"]);
        var delivery = await FinishedAsync(sandbox);
        Assert.Equal(200, delivery["status"]!.GetValue<int>());
        Assert.Equal(1, delivery["retryCount"]!.GetValue<int>());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(413)]
    public async Task Delivery_OtherStatus_IsNotRetried(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(status);
        await using var sandbox = await StartAsync(receiver);
        await sandbox.CreateAsync();

        var delivery = await FinishedAsync(sandbox);

        Assert.Equal(status, delivery["status"]!.GetValue<int>());
        Assert.Equal(0, delivery["retryCount"]!.GetValue<int>());
        Assert.False(delivery["delivered"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Delivery_NoAnswerInTime_ComesAgain()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(-1);
        await using var sandbox = await StartAsync(receiver, ("Sandbox__Webhook__ResponseTimeoutSeconds", "0.3"));
        await sandbox.CreateAsync();

        await receiver.NextAsync();
        var second = await receiver.NextAsync();

        Assert.Equal("1", second.Headers["X-Atlassian-Webhook-Retry"]);
    }

    [Fact]
    public async Task Delivery_OfOneTicket_KeepsItsOrderThroughRetries()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answers.Enqueue(503);
        receiver.Answers.Enqueue(503);
        await using var sandbox = await StartAsync(receiver);
        var key = await sandbox.CreateAsync();
        for (var number = 1; number <= 5; number++)
            await sandbox.Reporter.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment($"comment {number}"));

        var bodies = new List<string>();
        while (bodies.Count < 6)
        {
            var received = await receiver.NextAsync();
            var text = received.Event == "jira:issue_created" ? "created" : received.Json["comment"]!["body"]!.GetValue<string>();
            if (bodies.LastOrDefault() != text) bodies.Add(text);
        }

        Assert.Equal(["created", "comment 1", "comment 2", "comment 3", "comment 4", "comment 5"], bodies);
    }

    [Fact]
    public async Task Deleted_CommentAndTicket_AreAnnounced()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await StartAsync(receiver);
        var key = await sandbox.CreateAsync();
        var id = (await sandbox.Bot.SendJsonAsync(HttpMethod.Post, $"/rest/api/3/issue/{key}/comment", Adf.Comment("x"))).Json["id"]!.GetValue<string>();
        await sandbox.Bot.SendJsonAsync(HttpMethod.Put, $"/rest/api/3/issue/{key}/comment/{id}", Adf.Comment("y"));
        await sandbox.Bot.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{key}/comment/{id}");
        await sandbox.Reporter.SendJsonAsync(HttpMethod.Delete, $"/rest/api/3/issue/{key}");

        var events = new List<string>();
        for (var count = 0; count < 5; count++) events.Add((await receiver.NextAsync()).Event);

        Assert.Equal(["jira:issue_created", "comment_created", "comment_updated", "comment_deleted", "jira:issue_deleted"], events);
    }

    [Fact]
    public async Task Target_SetByAdminRoute_ReceivesWhatFollows()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.CreateAsync();

        var set = await sandbox.Nobody.SendJsonAsync(HttpMethod.Post, "/sandbox/webhook", new JsonObject { ["url"] = receiver.Url, ["secret"] = "s" });
        await sandbox.CreateAsync();

        Assert.Equal(204, set.Status);
        Assert.Equal("TEST-2", (await receiver.NextAsync()).Json["issue"]!["key"]!.GetValue<string>());
        Assert.False(receiver.TryNext(out _));
    }

    private static Task<Sandbox> StartAsync(WebhookReceiver receiver, params (string Name, string? Value)[] more) => Sandbox.StartAsync(
        [("Sandbox__Webhook__Url", receiver.Url), ("Sandbox__Webhook__Secret", Secret), ("Sandbox__Webhook__RetryDelays", "0.02,0.02,0.02"), .. more]);

    private static async Task<JsonNode> FinishedAsync(Sandbox sandbox)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var deliveries = (await sandbox.Nobody.ReadAsync("/sandbox/deliveries")).Json.AsArray();
            if (deliveries.Count > 0 && deliveries[0]!["finished"]!.GetValue<bool>()) return deliveries[0]!;

            // The outcome is noted a moment after the receiver has answered; there is no signal to wait for over HTTP.
            await Task.Delay(20, timeout.Token);
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
