using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Webhook;

public sealed class WebhookEndpointTests : IAsyncLifetime
{
    private LocalSite? _site;

    private LocalSite Site => _site!;

    public async Task InitializeAsync() => _site = await LocalSite.StartAsync(webhooks: false);

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Fact]
    public async Task Webhook_WhateverArrives_AnswersAsDocumented()
    {
        var good = Site.LabelAdded("10100", "TEST-100");
        var deep = Encoding.UTF8.GetBytes($"{{\"webhookEvent\":\"jira:issue_created\",\"issue\":{new string('[', 100_000)}{new string(']', 100_000)}}}");

        await AnswersAsync(HttpStatusCode.Unauthorized, good, signature: "");
        await AnswersAsync(HttpStatusCode.Unauthorized, good, signature: "sha256=" + new string('0', 64));
        await AnswersAsync(HttpStatusCode.Unauthorized, good, signature: "nonsense");
        await AnswersAsync(HttpStatusCode.BadRequest, []);
        await AnswersAsync(HttpStatusCode.BadRequest, "not json"u8.ToArray());
        await AnswersAsync(HttpStatusCode.BadRequest, """{"ref":"refs/heads/main"}"""u8.ToArray());
        await AnswersAsync(HttpStatusCode.BadRequest, deep);
        await AnswersAsync(HttpStatusCode.RequestEntityTooLarge, new byte[2 * 1024 * 1024]);
        await AnswersAsync(HttpStatusCode.MethodNotAllowed, [], method: HttpMethod.Get);
        await AnswersAsync(HttpStatusCode.MethodNotAllowed, good, method: HttpMethod.Put);
        Assert.Equal(0, await Site.CountQueueAsync());
        Assert.Empty(await Site.Runs.ListAsync(default));

        // The same delivery ten times at once and once more when its run has ended: one run, told once.
        await Site.SeedAsync("10100", "TEST-100", "Add a search box");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Site.PostWebhookAsync(good, identifier: "delivery-1")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(DeliveryIdAsync))).Distinct());
        var run = await Site.WaitForEndAsync("TEST-100");
        Assert.Equal("Completed", run.RunStatus);
        await Site.QueueIsEmptyAsync();
        var comments = await Site.Tickets.GetSquadCommentsAsync("TEST-100", default);
        Assert.Equal(["delivery", "status"], comments.Select(c => c.Kind).Order());

        using var again = await Site.PostWebhookAsync(good, identifier: "delivery-1");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await Site.QueueIsEmptyAsync();
        Assert.Equal(run, await Site.Runs.FindAsync("TEST-100", default) is { } later ? later with { Stages = run.Stages, Tasks = run.Tasks } : null);
        Assert.Equal(comments, await Site.Tickets.GetSquadCommentsAsync("TEST-100", default));

        // Without storage nothing can be accepted; Jira is told to deliver again.
        using (var azurite = Process.GetProcessById(Site.Azurite.ProcessId))
        {
            azurite.Kill();
            await azurite.WaitForExitAsync();
        }

        using var down = await Site.PostWebhookAsync(Site.LabelAdded("10100", "TEST-100"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        Assert.NotNull(down.Headers.RetryAfter);
        await AssertOneLineErrorAsync(down);
    }

    private static async Task<string?> DeliveryIdAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("deliveryId").GetString();
    }

    private static async Task AssertOneLineErrorAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain('\n', text.Trim());
        using var json = JsonDocument.Parse(text);
        Assert.NotEmpty(json.RootElement.GetProperty("error").GetString()!);
    }

    private async Task AnswersAsync(HttpStatusCode expected, byte[] body, string? signature = null, HttpMethod? method = null)
    {
        using var response = await Site.PostWebhookAsync(body, signature, method: method);
        Assert.True(expected == response.StatusCode, $"{response.StatusCode} instead of {expected} for {body.Length} bytes, signature '{signature}'.");
        await AssertOneLineErrorAsync(response);
    }
}
