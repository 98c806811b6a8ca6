using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using AgentSquad.Functions.Webhook;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Tests.Webhook;

[Collection(StorageTests.Name)]
public sealed class JiraWebhookTests(StorageFixture storage)
{
    private const string Secret = "webhook-secret";

    [Fact]
    public async Task Run_SignedEvent_IsAcceptedAndOnTheQueue()
    {
        var account = storage.NewAccount();
        var body = TestEvents.LabelAdded("1");

        var response = await PostAsync(account, body, Sign(body), (WebhookHeaders.Identifier, "delivery-1"));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var id = Json(response).GetProperty("deliveryId").GetString();
        var message = Assert.Single(await QueuedAsync(account));
        Assert.Equal(id, message.DeliveryId);
        Assert.Equal("delivery-1", message.Identifier);
        Assert.Equal(body, message.Body.ToArray());
        Assert.Null(message.Blob);
    }

    [Fact]
    public async Task Run_PreviousSecret_IsAccepted()
    {
        var body = TestEvents.LabelAdded("1");
        var options = new JiraOptions { WebhookSecret = "new", PreviousWebhookSecret = Secret };

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(storage.NewAccount(), body, options, "POST", Sign(body))).StatusCode);
    }

    [Fact]
    public async Task Run_LargeBody_TravelsInABlob()
    {
        var account = storage.NewAccount();
        var body = TestEvents.LabelAdded("1", padding: 200_000);

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(account, body, Sign(body))).StatusCode);

        var queue = new EventQueue(account, TimeProvider.System);
        var message = Assert.Single(await QueuedAsync(account));
        Assert.True(message.Body.IsEmpty);
        var loaded = await queue.LoadAsync(message, CancellationToken.None);
        Assert.Equal(body, loaded!.Body.ToArray());
        await queue.ForgetAsync(message, CancellationToken.None);
        Assert.Null(await queue.LoadAsync(message, CancellationToken.None));
    }

    [Fact]
    public async Task Run_LargestInlineBody_FitsAMessage()
    {
        var account = storage.NewAccount();
        var small = TestEvents.LabelAdded("1");
        var body = TestEvents.LabelAdded("1", padding: EventQueue.LargestInline - small.Length - 20);

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(account, body, Sign(body), (WebhookHeaders.Identifier, new string('i', 200)))).StatusCode);
        Assert.Equal(body.Length, Assert.Single(await QueuedAsync(account)).Body.Length);
    }

    [Theory]
    [InlineData("unsigned", HttpStatusCode.Unauthorized)]
    [InlineData("wrong signature", HttpStatusCode.Unauthorized)]
    [InlineData("signature of another body", HttpStatusCode.Unauthorized)]
    [InlineData("empty", HttpStatusCode.BadRequest)]
    [InlineData("not JSON", HttpStatusCode.BadRequest)]
    [InlineData("no Jira event", HttpStatusCode.BadRequest)]
    [InlineData("deeply nested", HttpStatusCode.BadRequest)]
    [InlineData("2 MiB", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("2 MiB unsigned", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("GET", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", HttpStatusCode.MethodNotAllowed)]
    public async Task Run_BadRequest_IsRefusedAndNotQueued(string what, HttpStatusCode expected)
    {
        var account = storage.NewAccount();
        var body = what switch
        {
            "empty" => [],
            "not JSON" => "hello"u8.ToArray(),
            "no Jira event" => """{"action":"opened"}"""u8.ToArray(),
            "deeply nested" => Encoding.UTF8.GetBytes(
                """{"webhookEvent":"jira:issue_updated","x":""" + new string('[', 5000) + new string(']', 5000) + "}"),
            "2 MiB" or "2 MiB unsigned" => TestEvents.LabelAdded("1", padding: 2 * 1024 * 1024),
            _ => TestEvents.LabelAdded("1"),
        };
        (string, string)? signature = what switch
        {
            "unsigned" or "2 MiB unsigned" => null,
            "wrong signature" => (WebhookHeaders.Signature, "sha256=" + new string('0', 64)),
            "signature of another body" => Sign(TestEvents.LabelAdded("2")),
            _ => Sign(body),
        };
        var method = what is "GET" or "PUT" ? what : "POST";

        var response = await PostAsync(
            account, body, new JiraOptions { WebhookSecret = Secret }, method, signature is { } header ? [header] : []);

        Assert.Equal(expected, response.StatusCode);
        Assert.DoesNotContain('\n', TestResponse.Text(response));
        Assert.False(string.IsNullOrWhiteSpace(Json(response).GetProperty("error").GetString()));
        Assert.Empty(await QueuedAsync(account));
    }

    [Fact]
    public async Task Run_NoSecretConfigured_FailsClosed()
    {
        var body = TestEvents.LabelAdded("1");

        var response = await PostAsync(storage.NewAccount(), body, new JiraOptions(), "POST", Sign(body));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Run_UnsignedAllowed_AcceptsNoSignatureButNoWrongOne()
    {
        var body = TestEvents.LabelAdded("1");
        var options = new JiraOptions { WebhookSecret = Secret, AllowUnsignedWebhooks = true };

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(storage.NewAccount(), body, options, "POST")).StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await PostAsync(storage.NewAccount(), body, options, "POST", (WebhookHeaders.Signature, "sha256=00"))).StatusCode);
    }

    [Theory]
    [InlineData("?key=0123456789012345678901234567890123", null, HttpStatusCode.Accepted)]
    [InlineData("?key=0123456789012345678901234567890124", null, HttpStatusCode.Unauthorized)]
    [InlineData("?key=", null, HttpStatusCode.Unauthorized)]
    [InlineData("", null, HttpStatusCode.Unauthorized)]
    [InlineData("?key=0123456789012345678901234567890123", "sha256=00", HttpStatusCode.Unauthorized)]
    public async Task Run_KeyInTheAddress_CountsInsteadOfASignatureOnly(string query, string? signature, HttpStatusCode expected)
    {
        (string, string)[] headers = signature is null ? [] : [(WebhookHeaders.Signature, signature)];
        var request = new TestRequest("POST", TestEvents.LabelAdded("1"), headers) { Address = new Uri("http://127.0.0.1:7071/api/jira/webhook" + query) };
        var squad = new SquadOptions { WebhookKey = "0123456789012345678901234567890123" };

        var response = await PostAsync(storage.NewAccount(), request, new JiraOptions { WebhookSecret = Secret }, squad);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Run_StorageDown_Answers503WithRetryAfterSoon()
    {
        var account = StorageFixture.DownAccount();
        var body = TestEvents.LabelAdded("1");
        var watch = Stopwatch.StartNew();

        var response = await PostAsync(account, body, Sign(body));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.TryGetValues("Retry-After", out var values) && int.Parse(values.Single()) > 0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    private static (string, string) Sign(byte[] body) => (WebhookHeaders.Signature, WebhookSigner.Sign(body, Secret));

    private static Task<HttpResponseData> PostAsync(StorageAccount account, byte[] body, params (string, string)[] headers) =>
        PostAsync(account, body, new JiraOptions { WebhookSecret = Secret }, "POST", headers);

    private static Task<HttpResponseData> PostAsync(
        StorageAccount account, byte[] body, JiraOptions options, string method, params (string, string)[] headers) =>
        PostAsync(account, new TestRequest(method, body, headers), options);

    private static Task<HttpResponseData> PostAsync(StorageAccount account, TestRequest request, JiraOptions options, SquadOptions? squad = null)
    {
        var refused = new RefusedDeliveries(TimeProvider.System, NullLogger<RefusedDeliveries>.Instance);
        var webhook = new JiraWebhook(
            new EventQueue(account, TimeProvider.System), refused, Options.Create(options), Options.Create(squad ?? new SquadOptions()), TimeProvider.System, NullLogger<JiraWebhook>.Instance);
        return webhook.RunAsync(request, TestRequest.Context());
    }

    private static JsonElement Json(HttpResponseData response) => JsonDocument.Parse(TestResponse.Text(response)).RootElement;

    private static async Task<IReadOnlyList<EventMessage>> QueuedAsync(StorageAccount account)
    {
        var queue = account.Queue(StorageNames.EventQueue);
        if (!await queue.ExistsAsync()) return [];
        var messages = await queue.PeekMessagesAsync(32);
        return [.. messages.Value.SelectMany(message => EventMessage.ReadAll(message.Body.ToString()))];
    }
}
