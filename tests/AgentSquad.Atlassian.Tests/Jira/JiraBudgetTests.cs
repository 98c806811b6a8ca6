using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;

namespace AgentSquad.Atlassian.Tests.Jira;

/// <summary>People come first on their site: the squad keeps to its budget, and leaves a site alone that asks for it.</summary>
public sealed class JiraBudgetTests : IAsyncDisposable
{
    private readonly FakeJira _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Requests_ManyAtOnce_KeepToTheBudget()
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:RequestsPerSecond", "20"));
        var started = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => jira.Client.GetMyselfAsync(default)));

        // Two seconds' worth may come at once, the rest at the rate.
        Assert.Equal(60, _site.Requests.Count);
        Assert.True(started.Elapsed > TimeSpan.FromSeconds(0.8), $"60 requests at 20 a second took {started.Elapsed.TotalSeconds:0.00} s.");
    }

    [Fact]
    public async Task RateLimited_WithATime_HoldsEveryRequestToThatSite()
    {
        var seen = new ConcurrentQueue<long>();
        _site.Intercept = async (context, request) =>
        {
            seen.Enqueue(Stopwatch.GetTimestamp());
            if (seen.Count > 1) return false;
            context.Response.Headers.RetryAfter = "1";
            await FakeSite.WriteAsync(context, 429, new JsonObject());
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address);

        // A write is not repeated, so whatever comes next is another request.
        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.AddCommentAsync("10001", new CommentDraft("x"), default));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => jira.Client.GetMyselfAsync(default)));

        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.All(seen.Skip(1), moment => Assert.True(Stopwatch.GetElapsedTime(seen.First(), moment) > TimeSpan.FromSeconds(0.9)));
    }

    [Fact]
    public async Task Circuit_OfOneSiteBehindTheGateway_LeavesTheOtherAlone()
    {
        _site.Intercept = async (context, request) =>
        {
            if (!request.Path.StartsWith("/ex/confluence/", StringComparison.Ordinal)) return false;
            await FakeSite.WriteAsync(context, 503, new JsonObject());
            return true;
        };
        await using var jira = new JiraUnderTest(
            "https://acme.atlassian.net", ("Jira:CloudId", "11-22"), ("Jira:GatewayUrl", _site.Address), ("Jira:ReadRetries", "0"),
            ("Confluence:BaseUrl", "https://acme.atlassian.net"), ("Confluence:CloudId", "11-22"), ("Confluence:GatewayUrl", _site.Address));
        for (var i = 0; i < 30; i++) await Assert.ThrowsAsync<JiraException>(() => jira.Get<IConfluenceClient>().GetPageAsync("1", default));
        Assert.InRange(_site.Requests.Count, 20, 29);

        Assert.Equal("bot", (await jira.Client.GetMyselfAsync(default)).AccountId);
    }
}
